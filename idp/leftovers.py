"""What AWS still holds of a deployment, by its tags. Nothing here changes anything, and no name is compared.

Tags and who puts them: ``deployment`` the engine's provider, the EBS driver and the load balancer controller, as our
configuration asks them to; the others are fixed: AWS Load Balancer Controller (Documentation, "AWS resource tags"),
EBS CSI driver (docs/tagging.md), Karpenter (Documentation, "NodeClasses", default tags), Amazon VPC CNI (README, tags
of network interfaces). Looked up 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from idp.aws import GLOBAL, Aws

# What EC2 itself lists, at once right; the index of tags behind the tagging API is minutes behind. Type in an ARN →
# operation, key of its answer, key of an item's id.
_EC2: Mapping[str, tuple[str, str, str]] = {
    "volume": ("describe_volumes", "Volumes", "VolumeId"),
    "snapshot": ("describe_snapshots", "Snapshots", "SnapshotId"),
    "network-interface": ("describe_network_interfaces", "NetworkInterfaces", "NetworkInterfaceId"),
    "security-group": ("describe_security_groups", "SecurityGroups", "GroupId"),
    "launch-template": ("describe_launch_templates", "LaunchTemplates", "LaunchTemplateId"),
}
_ALIVE = {"Name": "instance-state-name", "Values": ["pending", "running", "stopping", "stopped"]}
DRIVER = {"Name": "tag:ebs.csi.aws.com/cluster", "Values": ["true"]}
# AWS answers tags of at most so many balancers at once (ELB API reference, DescribeTags).
_BALANCERS = 20


@dataclass(frozen=True, kw_only=True, order=True)
class Left:
    """One thing: ``kind`` as AWS calls it, such as ``ec2 volume``, and its id or ARN."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, kw_only=True)
class Search:
    """Things of ``deployment`` and of its ``cluster``, in account and region of ``aws``; ``domain`` is the zone's."""

    deployment: str
    cluster: str
    domain: str
    aws: Aws

    @property
    def tags(self) -> Sequence[tuple[str, str]]:
        """Each of them alone says that a thing is the deployment's."""
        return (
            ("deployment", self.deployment),
            (f"kubernetes.io/cluster/{self.cluster}", "owned"),
            ("elbv2.k8s.aws/cluster", self.cluster),
            ("eks:eks-cluster-name", self.cluster),
            ("cluster.k8s.amazonaws.com/name", self.cluster),
        )

    def everything(self) -> list[Left]:
        """All that is left, sorted. Keys and secrets that wait for their deletion aren't."""
        found = {*self.instances(), *self._ec2(), *self.records()}
        for region in dict.fromkeys((self.aws.region, GLOBAL)):
            found |= set(self._tagged(region))
        return sorted(found)

    def balancers(self) -> Iterator[Left]:
        """Load balancers that the cluster's controller made."""
        arns = [each["LoadBalancerArn"] for each in self.aws.pages("elbv2", "describe_load_balancers", "LoadBalancers")]
        client = self.aws.client("elbv2")
        for start in range(0, len(arns), _BALANCERS):
            described = client.describe_tags(ResourceArns=arns[start : start + _BALANCERS])["TagDescriptions"]
            for each in described:
                if {"Key": "elbv2.k8s.aws/cluster", "Value": self.cluster} in each["Tags"]:
                    yield Left(kind="elasticloadbalancing loadbalancer", name=each["ResourceArn"])

    def volumes(self) -> Iterator[Left]:
        """Volumes that the cluster's driver made for claims."""
        ours = self.tags[:2]
        for key, value in ours:
            yield from self._listed("volume", [DRIVER, {"Name": f"tag:{key}", "Values": [value]}])

    def instances(self) -> Iterator[Left]:
        """Instances, Karpenter's among them, that aren't terminated."""
        for key, value in self.tags:
            yield from self._running([{"Name": f"tag:{key}", "Values": [value]}])

    def nodes(self) -> Iterator[Left]:
        """Instances that Karpenter made for the cluster."""
        pool = {"Name": "tag-key", "Values": ["karpenter.sh/nodepool"]}
        yield from self._running([pool, {"Name": "tag:eks:eks-cluster-name", "Values": [self.cluster]}])

    def records(self) -> Iterator[Left]:
        """Names in the deployment's zones that the cluster's ExternalDNS owns, by the records that say so."""
        owner = f"external-dns/owner={self.cluster}"
        for zone in self.aws.pages("route53", "list_hosted_zones", "HostedZones"):
            if zone["Name"].rstrip(".") != self.domain:
                continue
            sets = self.aws.pages("route53", "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=zone["Id"])
            for each in sets:
                texts = [value["Value"].strip('"').split(",") for value in each.get("ResourceRecords", [])]
                if each["Type"] == "TXT" and any(owner in text for text in texts):
                    yield Left(kind="route53 record", name=f"{zone['Id'].rpartition('/')[2]} {each['Name']}")

    def _running(self, filters: Sequence[Mapping[str, Any]]) -> Iterator[Left]:
        for each in self.aws.pages("ec2", "describe_instances", "Reservations", Filters=[_ALIVE, *filters]):
            for instance in each["Instances"]:
                yield Left(kind="ec2 instance", name=instance["InstanceId"])

    def _ec2(self) -> Iterator[Left]:
        for kind in _EC2:
            for key, value in self.tags:
                yield from self._listed(kind, [{"Name": f"tag:{key}", "Values": [value]}])

    def _listed(self, kind: str, filters: Sequence[Mapping[str, Any]]) -> Iterator[Left]:
        operation, items, name = _EC2[kind]
        # Others' public snapshots are listed to everybody.
        own = {"OwnerIds": ["self"]} if kind == "snapshot" else {}
        for each in self.aws.pages("ec2", operation, items, Filters=list(filters), **own):
            yield Left(kind=f"ec2 {kind}", name=each[name])

    def _tagged(self, region: str) -> Iterator[Left]:
        """What the tagging API knows, but for what EC2 was asked itself, and what waits for its deletion."""
        for key, value in self.tags:
            paginator = self.aws.client("resourcegroupstaggingapi", region).get_paginator("get_resources")
            for page in paginator.paginate(TagFilters=[{"Key": key, "Values": [value]}]):
                for each in page["ResourceTagMappingList"]:
                    left = _named(each["ResourceARN"])
                    asked = left.kind in {"ec2 instance", *(f"ec2 {kind}" for kind in _EC2)}
                    if not asked and not self._ends(left, region):
                        yield left

    def _ends(self, left: Left, region: str) -> bool:
        """Whether it is a key or a secret whose deletion is scheduled already, or gone since."""
        if left.kind == "kms key":
            client = self.aws.client("kms", region)
            return bool(client.describe_key(KeyId=left.name)["KeyMetadata"]["KeyState"] == "PendingDeletion")
        if left.kind == "secretsmanager secret":
            return "DeletedDate" in self.aws.client("secretsmanager", region).describe_secret(SecretId=left.name)
        return False


def _named(arn: str) -> Left:
    """An ARN as a kind and itself: ``arn:aws:kms:us-west-2:111122223333:key/…`` is a ``kms key``."""
    service, rest = arn.split(":")[2], arn.split(":", 5)[5]
    kind = rest.replace(":", "/").partition("/")[0] if "/" in rest or ":" in rest else ""
    return Left(kind=f"{service} {kind}".rstrip() if service != "s3" else "s3 bucket", name=arn)
