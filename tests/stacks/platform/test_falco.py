"""platform-falco: nothing is fetched, the rules hold together, and events end where somebody reads them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from tests.kubernetes.releases import release
from tests.synth import Synth

STACK = "idp-platform-falco"
# Falco documentation, "Supported Fields for Conditions and Outputs", those that the rules use.
FIELDS = {
    "container.id",
    "container.image.repository",
    "evt.is_open_read",
    "evt.is_open_write",
    "evt.type",
    "fd.directory",
    "fd.name",
    "fd.sip",
    "fd.typechar",
    "k8s.ns.name",
    "k8s.pod.name",
    "proc.cmdline",
    "proc.name",
    "proc.pname",
    "proc.tty",
    "user.name",
}
PRIORITIES = ("EMERGENCY", "ALERT", "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFORMATIONAL", "DEBUG")


@pytest.fixture(scope="module")
def chart(everything: Synth) -> dict[str, Any]:
    return dict(release(everything, STACK, "falco").values)


@pytest.fixture(scope="module")
def rules(chart: dict[str, Any]) -> list[dict[str, Any]]:
    (text,) = chart["customRules"].values()
    found: list[dict[str, Any]] = yaml.safe_load(text)
    return found


@pytest.fixture(scope="module")
def policies(everything: Synth) -> dict[str, dict[str, Any]]:
    found = release(everything, STACK, "falco-base").values["networkPolicies"]
    return {each["name"]: each for each in found}


def named(rules: list[dict[str, Any]], kind: str) -> dict[str, dict[str, Any]]:
    return {each[kind]: each for each in rules if kind in each}


def test_it_is_off_as_shipped(shipped: Synth) -> None:
    assert STACK not in {stack.name for stack in shipped.stacks()}


def test_neither_rules_nor_plugins_are_fetched(chart: dict[str, Any]) -> None:
    falcoctl = chart["falcoctl"]
    assert {name: part["enabled"] for name, part in falcoctl["artifact"].items()} == {
        "install": False,
        "follow": False,
    }
    assert falcoctl["config"]["indexes"] == []
    assert {name: part["refs"] for name, part in falcoctl["config"]["artifact"].items()} == {
        "install": [],
        "follow": [],
    }


def test_no_driver_is_fetched_or_built(chart: dict[str, Any]) -> None:
    driver = chart["driver"]
    assert (driver["kind"], driver["loader"]["enabled"]) == ("modern_ebpf", False)
    assert chart["collectors"]["kubernetes"]["enabled"] is False
    assert "initContainers" not in chart.get("extra", {})


def test_no_way_leads_out_of_the_namespace(policies: dict[str, dict[str, Any]]) -> None:
    assert set(policies) == {"falco", "falco-falcosidekick"}
    for policy in policies.values():
        assert "ipBlock" not in json.dumps(policy)
    assert policies["falco-falcosidekick"]["egress"] == []


def test_no_address_of_the_world_is_in_the_values(chart: dict[str, Any]) -> None:
    assert not re.findall(r"https?://", json.dumps(chart))


def test_the_images_own_configuration_does_not_load_the_container_plugin_twice(chart: dict[str, Any]) -> None:
    volumes = {each["name"] for each in chart["mounts"]["volumes"] if each.get("emptyDir") == {}}
    (mount,) = chart["mounts"]["volumeMounts"]
    assert mount["mountPath"] == "/etc/falco/config.d"
    assert mount["name"] in volumes


def test_only_the_runtimes_socket_is_mounted(chart: dict[str, Any]) -> None:
    engines = chart["collectors"]["containerEngine"]["engines"]
    assert {name for name, engine in engines.items() if engine["enabled"]} == {"cri"}
    assert engines["cri"]["sockets"] == ["/run/containerd/containerd.sock"]
    assert engines.keys() == {"docker", "podman", "containerd", "cri", "lxc", "libvirt_lxc", "bpm"}


@pytest.mark.proves("5.3.2", "11.5.1", "11.5.2")
def test_a_pod_of_it_is_on_every_node_without_all_privileges(everything: Synth, chart: dict[str, Any]) -> None:
    assert chart["controller"]["kind"] == "daemonset"
    assert (chart["nodeSelector"], chart["tolerations"]) == ({}, [{"operator": "Exists"}])
    assert chart["driver"]["modernEbpf"]["leastPrivileged"] is True
    assert "privileged" not in json.dumps(chart.get("containerSecurityContext", {}))
    namespaces = everything.values("idp-cluster-addons", "cluster-base")["namespaces"]
    assert {"name": "falco", "podSecurity": "privileged"} in namespaces


def test_events_are_lines_of_the_log_and_are_counted(
    chart: dict[str, Any], policies: dict[str, dict[str, Any]]
) -> None:
    falco, counter = chart["falco"], chart["falcosidekick"]
    assert falco["json_output"] is True and falco["stdout_output"]["enabled"] is True
    assert counter["enabled"] is True and counter["webui"]["enabled"] is False
    port = counter["service"]["port"]
    (sent,) = policies["falco"]["egress"]
    assert [each["port"] for each in sent["ports"]] == [port]
    peers = {
        peer["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"]
        for rule in policies["falco-falcosidekick"]["ingress"]
        for peer in rule["from"]
        if [each["port"] for each in rule["ports"]] == [port]
    }
    assert peers == {"falco", "monitoring"}


def test_the_counter_stays_when_a_node_goes(everything: Synth, chart: dict[str, Any]) -> None:
    assert chart["falcosidekick"]["replicaCount"] == 2
    (budget,) = release(everything, STACK, "falco-base").values["podDisruptionBudgets"]
    term = chart["falcosidekick"]["affinity"]["podAntiAffinity"]["preferredDuringSchedulingIgnoredDuringExecution"][0]
    assert term["podAffinityTerm"]["labelSelector"]["matchLabels"] == budget["labels"]


def test_the_rules_are_where_falco_reads_them(chart: dict[str, Any]) -> None:
    # The chart mounts customRules there.
    assert "/etc/falco/rules.d" in chart["falco"]["rules_files"]
    assert all(name.endswith(".yaml") for name in chart["customRules"])


def test_every_rule_says_what_it_is(rules: list[dict[str, Any]], chart: dict[str, Any]) -> None:
    found = named(rules, "rule")
    assert len(found) == len([each for each in rules if "rule" in each]) >= 8
    least = PRIORITIES.index(chart["falco"]["priority"].upper())
    for rule in found.values():
        assert rule.keys() == {"rule", "desc", "condition", "output", "priority", "tags"}
        assert PRIORITIES.index(rule["priority"]) <= least, "it would not be loaded"


def test_rules_use_only_what_their_own_file_defines(rules: list[dict[str, Any]]) -> None:
    lists, macros, used = named(rules, "list"), named(rules, "macro"), set()
    for each in [*macros.values(), *named(rules, "rule").values()]:
        for sequence in re.findall(r"\bin \(([^)]*)\)", each["condition"]):
            used |= {item for item in sequence.split(", ") if item.startswith("platform_")}
            assert {item for item in sequence.split(", ") if item.startswith("platform_")} <= lists.keys()
        words = set(re.findall(r"(?<![\w./-])platform_\w+", each["condition"])) - lists.keys()
        assert words <= macros.keys()
        used |= words
    assert used == lists.keys() | macros.keys(), "a list or macro that nothing uses"


def test_rules_name_fields_that_there_are(rules: list[dict[str, Any]]) -> None:
    for each in rules:
        stated = each.get("condition", "")
        bare = re.sub(r'"[^"]*"|\([^()]*,[^()]*\)|(?<= )/\S+', "", stated)
        fields = set(re.findall(r"(?<![\w./-])([a-z0-9]+(?:\.[a-z_]+)+)", bare))
        assert fields <= FIELDS | {"containerd.sock"}, each
        assert set(re.findall(r"%([a-z0-9_.]+)", each.get("output", ""))) <= FIELDS


def test_conditions_are_balanced(rules: list[dict[str, Any]]) -> None:
    for each in rules:
        stated = each.get("condition", "()")
        assert stated.count("(") == stated.count(")")
        assert not re.search(r"\b(and|or|not)\s*($|\))", stated)
        assert not re.search(r"\b(and|or)\s+(and|or)\b", stated)


def test_platform_namespaces_are_watched_but_for_builds(everything: Synth, rules: list[dict[str, Any]]) -> None:
    made = {each["name"] for each in everything.values("idp-cluster-addons", "cluster-base")["namespaces"]}
    lists: Mapping[str, Any] = named(rules, "list")
    watched, builds = set(lists["platform_namespaces"]["items"]), set(lists["platform_builds"]["items"])
    assert builds == {"argo"}
    assert watched == made - builds


def test_guarddutys_agent_raises_no_alarm_where_it_is_and_no_exception_is_made_elsewhere(
    shipped: Synth, rules: list[dict[str, Any]]
) -> None:
    """It asks the metadata service for its node's role, and the runtime for names of containers."""
    (text,) = release(shipped, "idp-pci-platform-falco", "falco").values["customRules"].values()
    beside = named(yaml.safe_load(text), "rule")
    for name in ("Instance metadata asked for by a container", "Container runtime asked by a container"):
        assert "k8s.ns.name != amazon-guardduty" in beside[name]["condition"]
        assert "amazon-guardduty" not in named(rules, "rule")[name]["condition"]
    assert sum("amazon-guardduty" in each["condition"] for each in beside.values()) == 2


def test_where_nodes_are_hardened_its_probe_needs_no_module_and_no_more_than_reading_by_ebpf(shipped: Synth) -> None:
    """Kernel lockdown refuses modules, and with ``confidentiality`` also eBPF that reads kernel memory."""
    driver = release(shipped, "idp-pci-platform-falco", "falco").values["driver"]
    assert (driver["kind"], driver["modernEbpf"]["leastPrivileged"]) == ("modern_ebpf", True)
    settings = release(shipped, "idp-pci-cluster-karpenter", "node-pools").values["settings"]
    assert settings["kernel"]["lockdown"] == "integrity"
