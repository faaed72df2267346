"""Who may talk to whom around the cluster's own components: network policies as data. Pure: imports no engine.

Platform namespaces are closed as a whole by chart ``cluster-base``: each component's own policy opens what it needs.
``kube-system`` isn't, since AWS adds pods there that nobody here knows; each component that the platform runs there is
closed by its own policy (docs/adr/0013). Pods on the host's network (CNI, kube-proxy, Pod Identity agent) are out of
reach of policies.
"""

from __future__ import annotations

from typing import Any

from config.deployment import Deployment
from constructs_lib.addons.namespaces import KUBE_SYSTEM
from constructs_lib.network.pod_policies import Rules, policy, ports

# The EKS add-on listens here, the upstream chart on 10250, which Fargate reserves (Amazon EKS User Guide, "View
# resource usage with the Kubernetes Metrics Server").
METRICS_SERVER_PORT = 10251
_KUBELET_PORT = 10250


def network_policies(deployment: Deployment) -> list[dict[str, Any]]:
    """All policies of the cluster's base, by namespace and name."""
    rules = Rules(deployment)
    found = [_coredns(rules), _metrics_server(rules), *_storage(rules)]
    found += [_load_balancer_controller(deployment, rules), _karpenter(deployment, rules)]
    return sorted(found, key=lambda each: (each["namespace"], each["name"]))


def _coredns(rules: Rules) -> dict[str, Any]:
    # Pods and nodes alike have addresses of the private subnets.
    everybody = {
        "from": [{"namespaceSelector": {}}, rules.subnets("private")],
        "ports": ports(53, protocols=("UDP", "TCP")),
    }
    return policy(
        "coredns",
        KUBE_SYSTEM,
        {"k8s-app": "kube-dns"},
        ingress=[everybody],
        egress=[rules.api_server(), rules.resolver()],
    )


def _metrics_server(rules: Rules) -> dict[str, Any]:
    kubelets = {"to": [rules.subnets("private")], "ports": ports(_KUBELET_PORT)}
    return policy(
        "metrics-server",
        KUBE_SYSTEM,
        {"app.kubernetes.io/name": "metrics-server"},
        ingress=[rules.from_control_plane(METRICS_SERVER_PORT)],
        egress=[rules.dns(), rules.api_server(), kubelets],
    )


def _storage(rules: Rules) -> list[dict[str, Any]]:
    driver = policy(
        "ebs-csi-controller",
        KUBE_SYSTEM,
        {"app": "ebs-csi-controller"},
        egress=[rules.dns(), rules.api_server(), rules.pod_identity(), *rules.aws("ec2")],
    )
    snapshots = policy(
        "snapshot-controller",
        KUBE_SYSTEM,
        {"app.kubernetes.io/name": "snapshot-controller"},
        egress=[rules.dns(), rules.api_server()],
    )
    return [driver, snapshots]


def _load_balancer_controller(deployment: Deployment, rules: Rules) -> dict[str, Any]:
    # ACM and Shield have no endpoint in any profile. Certificates are named by ARN and Shield is off (its values): the
    # controller does without them.
    public = ("acm", "shield") if deployment.vpc.egress == "open" else ()
    return policy(
        "aws-load-balancer-controller",
        KUBE_SYSTEM,
        {"app.kubernetes.io/name": "aws-load-balancer-controller"},
        ingress=[rules.from_control_plane(9443)],
        egress=[
            rules.dns(),
            rules.api_server(),
            rules.pod_identity(),
            *rules.aws("elasticloadbalancing", "ec2", "wafv2", *public),
        ],
    )


def _karpenter(deployment: Deployment, rules: Rules) -> dict[str, Any]:
    # Prices have no endpoint in any profile. Where listed names leave at most, the controller runs as in an isolated
    # VPC and asks for none (its values).
    public = ("pricing",) if deployment.vpc.egress == "open" else ()
    return policy(
        "karpenter",
        KUBE_SYSTEM,
        {"app.kubernetes.io/name": "karpenter"},
        egress=[
            rules.dns(),
            rules.api_server(),
            rules.pod_identity(),
            *rules.aws("ec2", "ssm", "sqs", "eks", *public),
        ],
    )
