"""What the phases rest on: nodes, releases, workloads, secrets that arrived, policies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from config.deployment import Deployment
from idp.aws import Aws
from idp.findings import Finding, fail, ok, warn
from idp.output import Stack
from idp.verify.kubectl import Kubectl, condition, title
from idp.words import some

PHASE = "VPC + EKS deploys clean"
_ZONE = "topology.kubernetes.io/zone"
_POLICIES = ("validatingpolicies", "mutatingpolicies", "imagevalidatingpolicies", "deletingpolicies")


def cluster(aws: Aws, deployment: Deployment, name: str) -> Iterator[Finding]:
    """EKS's own word on cluster ``name``: active, of the version that the file says, in a VPC that is there."""
    check = f"{PHASE}: cluster"
    found = aws.client("eks").describe_cluster(name=name)["cluster"]
    seen = f"{name} is {found['status']}, Kubernetes {found['version']}"
    if found["status"] != "ACTIVE":
        yield fail(check, seen, "wait, or look at the cluster's health in EKS")
    elif found["version"] != deployment.eks.version:
        yield warn(check, f"{seen}, the file says {deployment.eks.version}", f"apply {deployment.id}-cluster-eks")
    else:
        yield ok(check, seen)
    network = found["resourcesVpcConfig"]["vpcId"]
    (vpc,) = aws.client("ec2").describe_vpcs(VpcIds=[network])["Vpcs"]
    fits = vpc["State"] == "available" and vpc["CidrBlock"] == deployment.vpc.cidr
    seen = f"{network} is {vpc['State']}, {vpc['CidrBlock']}"
    remedy = f"apply {deployment.id}-foundation-vpc; the file says {deployment.vpc.cidr}"
    yield ok(f"{PHASE}: VPC", seen) if fits else fail(f"{PHASE}: VPC", seen, remedy)


def nodes(kubectl: Kubectl, deployment: Deployment) -> Iterator[Finding]:
    """Every node is ready, at least the system's are there, and not all in one zone."""
    check, found = f"{PHASE}: nodes", kubectl.items("nodes")
    sick = [title(node) for node in found if condition(node, "Ready") != "True"]
    zones = {node["metadata"].get("labels", {}).get(_ZONE, "") for node in found} - {""}
    least = deployment.eks.system_nodes.min
    seen = f"{len(found)} nodes in {len(zones)} zones"
    if sick:
        yield fail(check, f"{seen}, not ready: {some(sick)}", "kubectl describe node says why")
    elif len(found) < least:
        yield fail(check, f"{seen}, at least {least} are the system's", "look at the node group's health in EKS")
    elif len(zones) < 2:
        yield warn(check, seen, "with all nodes in one zone its loss stops everything: look why others got none")
    else:
        yield ok(check, seen)


def releases(kubectl: Kubectl, stacks: Sequence[Stack]) -> Iterator[Finding]:
    """Every release of the JSON is deployed."""
    check, wanted = f"{PHASE}: releases", set(declared(stacks))
    missing = sorted(f"{namespace}/{name}" for namespace, name in wanted - kubectl.releases())
    if missing:
        yield fail(check, f"not deployed: {some(missing)}", "apply their stacks; helm history says what went wrong")
    else:
        yield ok(check, f"{len(wanted)} deployed")


def declared(stacks: Sequence[Stack]) -> Iterator[tuple[str, str]]:
    """(namespace, name) of every release in the JSON."""
    for stack in stacks:
        for address, arguments in stack.resources():
            if address.startswith("helm_release."):
                yield arguments["namespace"], arguments["name"]


def workloads(kubectl: Kubectl, stacks: Sequence[Stack]) -> Iterator[Finding]:
    """What the platform's namespaces run has all of its pods. Teams' namespaces are the teams' own affair."""
    check = f"{PHASE}: workloads"
    platform = {namespace for namespace, name in declared(stacks) if not name.startswith("team-")} | {"kube-system"}
    found = [
        item
        for item in kubectl.items("deployments,statefulsets,daemonsets")
        if item["metadata"]["namespace"] in platform
    ]
    short = sorted(f"{title(item)} ({_have(item)} of {_want(item)})" for item in found if _have(item) < _want(item))
    if short:
        yield fail(check, f"pods are missing: {some(short)}", "kubectl describe pod says what they wait for")
    elif not found:
        yield fail(check, "none", "apply the platform's stacks")
    else:
        yield ok(check, f"{len(found)} have all of their pods")


def _want(item: dict[str, Any]) -> int:
    if item["kind"] == "DaemonSet":
        return int(item.get("status", {}).get("desiredNumberScheduled", 0))
    return int(item["spec"].get("replicas", 1))


def _have(item: dict[str, Any]) -> int:
    ready = "numberAvailable" if item["kind"] == "DaemonSet" else "availableReplicas"
    return int(item.get("status", {}).get(ready, 0))


def external_secrets(kubectl: Kubectl) -> Iterator[Finding]:
    """Stores answer, and every secret has arrived."""
    found = kubectl.items("clustersecretstores.external-secrets.io,externalsecrets.external-secrets.io")
    waiting = sorted(f"{item['kind']} {title(item)}" for item in found if condition(item, "Ready") != "True")
    if waiting:
        remedy = "`python -m idp doctor --after` says which have no value; kubectl describe says what else it is"
        yield fail("platform: secrets", f"not ready: {some(waiting)}", remedy)
    elif not found:
        yield fail("platform: secrets", "none", "apply the platform's stacks")
    else:
        yield ok("platform: secrets", f"{len(found)} stores and secrets are ready")


def policies(kubectl: Kubectl, deployment: Deployment) -> Iterator[Finding]:
    """Kyverno enforces every policy that the deployment has on."""
    check = "platform: policies"
    found = kubectl.items(",".join(f"{kind}.policies.kyverno.io" for kind in _POLICIES))
    ready = {item["metadata"]["name"]: _ready(item) for item in found}
    wanted = {name for name in deployment.policies if deployment.action(name) != "off"}
    missing = sorted(wanted - set(ready))
    sick = sorted(name for name in wanted & set(ready) if not ready[name])
    if missing or sick:
        parts = [f"not there: {some(missing)}"] if missing else []
        parts += [f"not ready: {some(sick)}"] if sick else []
        yield fail(
            check, "; ".join(parts), f"apply {deployment.id}-platform-policies; kubectl describe says what is wrong"
        )
    else:
        yield ok(check, f"{len(wanted)} are ready")


def _ready(item: dict[str, Any]) -> bool:
    return bool((item.get("status", {}).get("conditionStatus") or {}).get("ready"))
