"""platform-argo-events: the bus, where GitHub's events come in, and who may start workflows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.kubernetes.releases import release
from tests.synth import Synth

STACK = "idp-platform-argo-events"
Objects = dict[tuple[str, str], dict[str, Any]]


@pytest.fixture(scope="module")
def chart(shipped: Synth) -> Mapping[str, Any]:
    return release(shipped, STACK, "argo-events").values


@pytest.fixture(scope="module")
def objects(shipped: Synth) -> Objects:
    found = release(shipped, STACK, "events").manifests("1.34")
    return {(each["kind"], each["metadata"]["name"]): each for each in found}


@pytest.fixture(scope="module")
def bus(objects: Objects) -> dict[str, Any]:
    found: dict[str, Any] = objects["EventBus", "default"]["spec"]["jetstream"]
    return found


@pytest.fixture(scope="module")
def source(objects: Objects) -> dict[str, Any]:
    found: dict[str, Any] = objects["EventSource", "github"]["spec"]
    return found


def labels(shipped: Synth, row: str) -> dict[str, str]:
    """The pods that the network policy of a row selects."""
    policies = release(shipped, STACK, "argo-events-base").values["networkPolicies"]
    (found,) = (each for each in policies if each["name"] == f"argo-events-{row}")
    selected: dict[str, str] = found["podSelector"]["matchLabels"]
    return selected


def test_the_bus_keeps_events_while_one_pod_is_away(bus: dict[str, Any]) -> None:
    assert bus["replicas"] == 3
    assert bus["persistence"]["storageClassName"] == "gp3"
    terms = bus["affinity"]["podAntiAffinity"]["preferredDuringSchedulingIgnoredDuringExecution"]
    assert {each["podAffinityTerm"]["topologyKey"] for each in terms} == {
        "kubernetes.io/hostname",
        "topology.kubernetes.io/zone",
    }
    assert all(each["podAffinityTerm"]["labelSelector"]["matchLabels"] == bus["metadata"]["labels"] for each in terms)


def test_the_bus_has_a_version_that_the_controller_knows(bus: dict[str, Any], chart: Mapping[str, Any]) -> None:
    (version,) = chart["configs"]["jetstream"]["versions"]
    assert bus["version"] == version["version"]
    assert version["natsImage"].endswith(f"/nats:{bus['version']}")


def test_every_container_of_the_bus_has_requests_and_no_privileges(bus: dict[str, Any]) -> None:
    for template in ("containerTemplate", "reloaderContainerTemplate", "metricsContainerTemplate"):
        assert {"cpu", "memory"} == bus[template]["resources"]["requests"].keys()
        assert bus[template]["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
        }
    assert bus["securityContext"]["runAsNonRoot"] is True


def test_policies_select_the_pods_that_the_controller_makes(
    shipped: Synth, bus: dict[str, Any], source: dict[str, Any]
) -> None:
    assert labels(shipped, "bus") == bus["metadata"]["labels"]
    assert labels(shipped, "event-source") == source["template"]["metadata"]["labels"]


def test_events_come_in_at_the_address_of_the_deployment_file(
    shipped: Synth, objects: Objects, source: dict[str, Any]
) -> None:
    ingress = release(shipped, STACK, "argo-events-ingress").values
    service = objects["Service", "github-events"]["spec"]
    assert ingress["host"] == "events.example.com"
    assert ingress["routes"] == [{"service": "github-events", "port": service["ports"][0]["port"]}]
    assert service["selector"] == source["template"]["metadata"]["labels"]
    assert str(service["ports"][0]["targetPort"]) == source["github"]["organization"]["webhook"]["port"]


def test_what_github_did_not_sign_is_refused(shipped: Synth, source: dict[str, Any]) -> None:
    (secret,) = release(shipped, STACK, "argo-events-base").values["externalSecrets"]
    reference = source["github"]["organization"]["webhookSecret"]
    assert reference["name"] == secret["name"]
    assert reference["key"] in secret["keys"]
    assert (secret["store"], secret["key"]) == ("platform-api", "argo-events")


def test_no_token_of_github_lies_in_the_cluster(source: dict[str, Any]) -> None:
    assert not {"apiToken", "githubApp"} & source["github"]["organization"].keys()
    assert source["github"]["organization"]["organizations"] == ["example-org"]


def test_an_event_is_taken_while_a_pod_is_away(source: dict[str, Any]) -> None:
    assert source["replicas"] == 2


def test_sensors_write_dead_letters_and_read_none(objects: Objects) -> None:
    assert objects["Role", "dead-letters"]["rules"] == [
        {"apiGroups": [""], "resources": ["configmaps"], "verbs": ["create"]}
    ]
    subjects = objects["RoleBinding", "dead-letters"]["subjects"]
    assert {each["name"] for each in subjects} == {"argo-events-sensor", "argo-events-stranger", "argo-events-docs"}


def test_what_the_internet_reaches_has_no_token(objects: Objects) -> None:
    tokens = {
        name: each["automountServiceAccountToken"] for (kind, name), each in objects.items() if kind == "ServiceAccount"
    }
    sensors = ("argo-events-sensor", "argo-events-stranger", "argo-events-docs")
    assert tokens == {"argo-events-source": False, "argo-events-queues": False, **dict.fromkeys(sensors, True)}


def test_events_of_other_deployments_come_in_by_queues_under_the_sender_s_name(
    shipped: Synth, objects: Objects
) -> None:
    source = objects["EventSource", "deployments"]["spec"]
    assert source["sqs"] == {
        "idp-pci": {
            "region": "us-west-2",
            "queue": "idp-events-from-idp-pci",
            "waitTimeSeconds": 20,
            "jsonBody": True,
            "dlq": True,
        }
    }
    assert source["replicas"] == 1
    assert labels(shipped, "queue-source") == source["template"]["metadata"]["labels"]
    stack = shipped.stack(STACK)
    queues = shipped.stack("idp-foundation-events").of_type("aws_sqs_queue")
    assert source["sqs"]["idp-pci"]["queue"] in {queue["name"] for queue in queues.values()}
    association = stack.resource("aws_eks_pod_identity_association.argo_events_queues")
    assert association["service_account"] == source["template"]["serviceAccountName"]
    assert association["role_arn"].endswith('workload_role_arns["argo-events-sa"]}')
    assert "foundation_events" in stack.document["data"]["terraform_remote_state"]


def test_without_repositories_of_teams_there_are_no_sensors(objects: Objects) -> None:
    assert not [name for kind, name in objects if kind == "Sensor"]


def test_the_webhook_answers_where_nodes_let_the_control_plane_in(shipped: Synth, chart: Mapping[str, Any]) -> None:
    policies = release(shipped, STACK, "argo-events-base").values["networkPolicies"]
    (policy,) = (each for each in policies if each["name"] == "argo-events-webhook")
    assert [rule["ports"][0]["port"] for rule in policy["ingress"]] == [chart["webhook"]["port"]]
