"""Tests of what is found by tags, on moto in this process: beside each thing lies one of another deployment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from idp.aws import Aws
from idp.leftovers import Left, Search

REGION, DOMAIN = "us-west-2", "idp.example.com"
# The second one's names begin with the first one's.
OURS, THEIRS = ("idp", "idp-platform"), ("idp-pci", "idp-platform-2")


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[boto3.Session]:
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    # The images that AWS publishes, and their thousand snapshots.
    monkeypatch.setenv("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
    with mock_aws():
        yield boto3.Session("testing", "testing", region_name=REGION)


@pytest.fixture
def search(session: boto3.Session) -> Search:
    return Search(deployment="idp", cluster="idp-platform", domain=DOMAIN, aws=Aws(region=REGION, session=session))


def tags(**given: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in given.items()]


def volume(session: boto3.Session, *labels: dict[str, str]) -> str:
    spec = [{"ResourceType": "volume", "Tags": list(labels)}]
    made = session.client("ec2").create_volume(AvailabilityZone=f"{REGION}a", Size=1, TagSpecifications=spec)
    return str(made["VolumeId"])


def claimed(session: boto3.Session, cluster: str) -> str:
    """A volume as the EBS driver makes it."""
    owned = {f"kubernetes.io/cluster/{cluster}": "owned", "ebs.csi.aws.com/cluster": "true"}
    return volume(session, *tags(**owned))


def balancer(session: boto3.Session, name: str, cluster: str) -> str:
    ec2 = session.client("ec2")
    subnets = [each["SubnetId"] for each in ec2.describe_subnets()["Subnets"][:2]]
    labels = tags(**{"elbv2.k8s.aws/cluster": cluster})
    made = session.client("elbv2").create_load_balancer(Name=name, Subnets=subnets, Tags=labels)
    return str(made["LoadBalancers"][0]["LoadBalancerArn"])


def node(session: boto3.Session, cluster: str) -> str:
    labels = tags(**{"eks:eks-cluster-name": cluster, "karpenter.sh/nodepool": "workloads"})
    spec: Any = [{"ResourceType": "instance", "Tags": labels}]
    ec2 = session.client("ec2")
    image = ec2.register_image(Name=f"{cluster}-{len(ec2.describe_images(Owners=['self'])['Images'])}")["ImageId"]
    made = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, TagSpecifications=spec)
    return str(made["Instances"][0]["InstanceId"])


def record(session: boto3.Session, zone: str, name: str, owner: str) -> None:
    text = f'"heritage=external-dns,external-dns/owner={owner},external-dns/resource=ingress/argocd/argocd"'
    sets = {"Name": name, "Type": "TXT", "TTL": 300, "ResourceRecords": [{"Value": text}]}
    changes: Any = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": sets}]}
    session.client("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch=changes)


def test_volumes_of_claims_are_the_clusters_own(session: boto3.Session, search: Search) -> None:
    ours, _ = [claimed(session, cluster) for _, cluster in (OURS, THEIRS)]
    by_deployment = volume(session, *tags(**{"ebs.csi.aws.com/cluster": "true", "deployment": "idp"}))
    volume(session, *tags(deployment="idp"))  # A node's own: no claim's.
    assert {left.name for left in search.volumes()} == {ours, by_deployment}


def test_load_balancers_are_the_clusters_own(session: boto3.Session, search: Search) -> None:
    ours = balancer(session, "k8s-ours", "idp-platform")
    balancer(session, "k8s-idp-platform", "idp-platform-2")
    assert [left.name for left in search.balancers()] == [ours]


def test_nodes_are_the_clusters_own_and_not_terminated(session: boto3.Session, search: Search) -> None:
    ours, gone = node(session, "idp-platform"), node(session, "idp-platform")
    node(session, "idp-platform-2")
    session.client("ec2").terminate_instances(InstanceIds=[gone])
    assert [left.name for left in search.nodes()] == [ours]


def test_records_are_those_that_the_cluster_owns_in_its_zone(session: boto3.Session, search: Search) -> None:
    route53 = session.client("route53")
    zone, other = (
        route53.create_hosted_zone(Name=n, CallerReference=n)["HostedZone"]["Id"] for n in (DOMAIN, f"x.{DOMAIN}")
    )
    record(session, zone, f"a.{DOMAIN}", "idp-platform")
    record(session, zone, f"b.{DOMAIN}", "idp-platform-2")
    record(session, other, f"c.x.{DOMAIN}", "idp-platform")
    assert [left.name.split()[1] for left in search.records()] == [f"a.{DOMAIN}."]


def test_all_that_is_tagged_is_listed_and_nothing_of_another_deployment(session: boto3.Session, search: Search) -> None:
    made: dict[str, set[str]] = {"idp": set(), "idp-pci": set()}
    s3, kms, secrets = session.client("s3"), session.client("kms"), session.client("secretsmanager")
    for deployment, cluster in (OURS, THEIRS):
        s3.create_bucket(Bucket=f"{deployment}-left", CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_tagging(Bucket=f"{deployment}-left", Tagging={"TagSet": tags(deployment=deployment)})
        label = [{"TagKey": "deployment", "TagValue": deployment}]
        key, ending = (kms.create_key(Tags=label)["KeyMetadata"] for _ in range(2))
        kms.schedule_key_deletion(KeyId=ending["KeyId"])
        ended = secrets.create_secret(Name=f"/{deployment}/ended", SecretString="x", Tags=tags(deployment=deployment))
        secrets.delete_secret(SecretId=ended["ARN"])
        spec: Any = [{"ResourceType": "security-group", "Tags": tags(**{"elbv2.k8s.aws/cluster": cluster})}]
        group = session.client("ec2").create_security_group(GroupName=cluster, Description="x", TagSpecifications=spec)
        names = {f"arn:aws:s3:::{deployment}-left", key["Arn"], group["GroupId"], claimed(session, cluster)}
        made[deployment] = names | {balancer(session, f"k8s-{deployment}", cluster), node(session, cluster)}
    found = search.everything()
    assert {left.name for left in found} == made["idp"]
    assert len(found) == len(made["idp"])


def test_what_is_printed_says_what_it_is() -> None:
    assert str(Left(kind="ec2 volume", name="vol-1")) == "ec2 volume vol-1"
