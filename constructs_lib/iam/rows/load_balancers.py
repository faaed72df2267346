"""What the AWS Load Balancer Controller may do: the policy of its documentation, narrowed. Pure: imports no engine.

Left out, since the platform doesn't use it: IAM server certificates, Cognito, WAF Classic, Shield Advanced, load
balancers on Outposts. Writes are bound to the tag by which the controller knows its cluster's resources.
"""

from __future__ import annotations

from config.deployment import Deployment
from constructs_lib.iam.document import Condition, Statement, when
from constructs_lib.naming import Naming

SOURCE = "AWS Load Balancer Controller documentation 3.5, Installation, Configure IAM (iam_policy.json)"
_TAG = "elbv2.k8s.aws/cluster"
_DESCRIBE_EC2 = (
    "AccountAttributes",
    "Addresses",
    "AvailabilityZones",
    "Instances",
    "InternetGateways",
    "NetworkInterfaces",
    "RouteTables",
    "SecurityGroups",
    "Subnets",
    "Tags",
    "VpcPeeringConnections",
    "Vpcs",
)
_DESCRIBE_ELB = (
    "CapacityReservation",
    "ListenerAttributes",
    "ListenerCertificates",
    "Listeners",
    "LoadBalancerAttributes",
    "LoadBalancers",
    "Rules",
    "SSLPolicies",
    "Tags",
    "TargetGroupAttributes",
    "TargetGroups",
    "TargetHealth",
    "TrustStores",
)
_MODIFY = (
    "DeleteLoadBalancer",
    "DeleteTargetGroup",
    "ModifyCapacityReservation",
    "ModifyIpPools",
    "ModifyLoadBalancerAttributes",
    "ModifyTargetGroup",
    "ModifyTargetGroupAttributes",
    "SetIpAddressType",
    "SetSecurityGroups",
    "SetSubnets",
)


def load_balancer_statements(naming: Naming, deployment: Deployment) -> list[Statement]:
    del deployment
    return [*_read(naming), *_security_groups(naming), *_make(naming), *_change(naming), _firewall(naming)]


def _elb(*actions: str) -> tuple[str, ...]:
    return tuple(f"elasticloadbalancing:{action}" for action in actions)


def _arns(naming: Naming, *kinds: str) -> tuple[str, ...]:
    return tuple(naming.arn("elasticloadbalancing", f"{kind}/*") for kind in kinds)


def _requested(naming: Naming) -> Condition:
    return when("StringEquals", f"aws:RequestTag/{_TAG}", naming.cluster)


def _own(naming: Naming) -> Condition:
    return when("StringEquals", f"aws:ResourceTag/{_TAG}", naming.cluster)


def _read(naming: Naming) -> list[Statement]:
    return [
        Statement(
            sid="ServiceLinkedRole",
            actions=("iam:CreateServiceLinkedRole",),
            resources=("*",),
            conditions=(when("StringEquals", "iam:AWSServiceName", "elasticloadbalancing.amazonaws.com"),),
        ),
        Statement(
            sid="Describe",
            actions=(
                *(f"ec2:Describe{what}" for what in _DESCRIBE_EC2),
                "ec2:GetSecurityGroupsForVpc",
                *_elb(*(f"Describe{what}" for what in _DESCRIBE_ELB)),
                "acm:DescribeCertificate",
                "acm:ListCertificates",
            ),
            resources=("*",),
            conditions=(when("StringEquals", "aws:RequestedRegion", naming.region),),
        ),
    ]


def _security_groups(naming: Naming) -> list[Statement]:
    groups, vpcs = naming.arn("ec2", "security-group/*"), naming.arn("ec2", "vpc/*")
    rules = ("ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress")
    return [
        # Targets behind the balancers: the nodes' group, which carries the tags of its deployment.
        Statement(
            sid="RulesOfTargets",
            actions=rules,
            resources=(groups,),
            conditions=(when("StringEquals", "aws:ResourceTag/deployment", naming.deployment),),
        ),
        Statement(
            sid="OwnGroups",
            actions=(*rules, "ec2:DeleteSecurityGroup"),
            resources=(groups,),
            conditions=(_own(naming),),
        ),
        Statement(sid="Rules", actions=rules, resources=(naming.arn("ec2", "security-group-rule/*"),)),
        Statement(sid="MakeGroups", actions=("ec2:CreateSecurityGroup",), resources=(groups, vpcs)),
        Statement(
            sid="TagNewGroups",
            actions=("ec2:CreateTags",),
            resources=(groups,),
            conditions=(when("StringEquals", "ec2:CreateAction", "CreateSecurityGroup"), _requested(naming)),
        ),
        Statement(
            sid="TagOwnGroups",
            actions=("ec2:CreateTags", "ec2:DeleteTags"),
            resources=(groups,),
            conditions=(when("Null", f"aws:RequestTag/{_TAG}", "true"), _own(naming)),
        ),
    ]


def _make(naming: Naming) -> list[Statement]:
    return [
        Statement(
            sid="MakeBalancers",
            actions=_elb("CreateLoadBalancer", "CreateTargetGroup"),
            resources=("*",),
            conditions=(_requested(naming),),
        ),
        Statement(
            sid="TagNewBalancers",
            actions=_elb("AddTags"),
            resources=_arns(naming, "loadbalancer", "targetgroup"),
            conditions=(
                when("StringEquals", "elasticloadbalancing:CreateAction", "CreateLoadBalancer", "CreateTargetGroup"),
                _requested(naming),
            ),
        ),
        Statement(
            sid="TagOwnBalancers",
            actions=_elb("AddTags", "RemoveTags"),
            resources=_arns(naming, "loadbalancer", "targetgroup"),
            conditions=(when("Null", f"aws:RequestTag/{_TAG}", "true"), _own(naming)),
        ),
        Statement(
            sid="TagListeners",
            actions=_elb("AddTags", "RemoveTags"),
            resources=_arns(naming, "listener", "listener-rule"),
        ),
    ]


def _change(naming: Naming) -> list[Statement]:
    # Listeners and rules carry no tag when they are made, so the documentation binds these to nothing.
    listeners = (
        "AddListenerCertificates",
        "CreateListener",
        "CreateRule",
        "DeleteListener",
        "DeleteRule",
        "ModifyListener",
        "ModifyListenerAttributes",
        "ModifyRule",
        "RemoveListenerCertificates",
        "SetRulePriorities",
    )
    return [
        Statement(
            sid="Listeners",
            actions=_elb(*listeners),
            resources=_arns(naming, "listener", "listener-rule", "loadbalancer"),
        ),
        Statement(sid="OwnBalancers", actions=_elb(*_MODIFY), resources=("*",), conditions=(_own(naming),)),
        Statement(
            sid="Targets",
            actions=_elb("DeregisterTargets", "RegisterTargets"),
            resources=_arns(naming, "targetgroup"),
        ),
    ]


def _firewall(naming: Naming) -> Statement:
    return Statement(
        sid="WebFirewall",
        actions=(
            "elasticloadbalancing:SetWebAcl",
            "wafv2:AssociateWebACL",
            "wafv2:DisassociateWebACL",
            "wafv2:GetWebACL",
            "wafv2:GetWebACLForResource",
        ),
        resources=("*",),
        conditions=(when("StringEquals", "aws:RequestedRegion", naming.region),),
    )
