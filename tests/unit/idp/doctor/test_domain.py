"""The domain: what the parent zone says against what the zone is, and the certificate."""

from __future__ import annotations

from dataclasses import replace

import dns.message
import dns.name
import pytest

from config.deployment import Deployment
from idp.doctor.domain import certificate, delegation, name_servers
from idp.findings import Finding, Unseen
from tests.unit.idp.doctor.conftest import FakeAws

REFERRAL = """id 1
opcode QUERY
rcode NOERROR
flags QR
;QUESTION
example.com. IN NS
;ANSWER
;AUTHORITY
example.com. 172800 IN NS NS-1.Example.Net.
example.com. 172800 IN NS ns-2.example.net.
com. 172800 IN NS a.gtld-servers.net.
;ADDITIONAL
"""


def found(aws: FakeAws, deployment: Deployment, *names: str, deployed: bool = True) -> Finding:
    (finding,) = delegation(aws, deployment, lambda _domain: frozenset(names), deployed=deployed)
    return finding


@pytest.fixture
def servers(aws: FakeAws) -> list[str]:
    """Name servers of the zone that the deployment has made."""
    made = aws.client("route53").create_hosted_zone(Name="example.com", CallerReference="1")
    servers: list[str] = made["DelegationSet"]["NameServers"]
    return servers


def test_a_referral_names_the_servers_and_an_answer_does() -> None:
    message = dns.message.from_text(REFERRAL)
    name = dns.name.from_text("example.com")
    assert name_servers(message, name) == {"ns-1.example.net", "ns-2.example.net"}
    answered = dns.message.from_text(
        REFERRAL.replace(";ANSWER\n;AUTHORITY\n", ";ANSWER\n").replace(";ADD", ";AUTHORITY\n;ADD")
    )
    assert name_servers(answered, name) == {"ns-1.example.net", "ns-2.example.net"}


def test_all_servers_and_no_others(aws: FakeAws, wanted: Deployment, servers: list[str]) -> None:
    assert found(aws, wanted, *servers).result == "ok"
    for wrong in (servers[1:], [*servers, "ns1.example.net"], ["ns1.example.net"], []):
        finding = found(aws, wanted, *wrong)
        assert finding.result == "fail"
        assert all(server in finding.remedy for server in servers)


def test_a_private_zone_of_the_name_is_not_it(aws: FakeAws, wanted: Deployment) -> None:
    vpc = aws.client("ec2").create_vpc(CidrBlock="192.0.2.0/24")["Vpc"]["VpcId"]
    aws.client("route53").create_hosted_zone(
        Name="example.com",
        CallerReference="2",
        VPC={"VPCRegion": "us-west-2", "VPCId": vpc},
        HostedZoneConfig={"PrivateZone": True, "Comment": ""},
    )
    assert found(aws, wanted).seen == "no zone example.com yet"


def test_before_the_apply_there_is_no_zone(aws: FakeAws, wanted: Deployment) -> None:
    assert found(aws, wanted, deployed=False).result == "ok"
    assert found(aws, wanted, deployed=True).result == "fail"


def test_a_zone_that_is_given_must_be_there(aws: FakeAws, wanted: Deployment) -> None:
    shared = wanted.shared.model_copy(update={"zone_id": "Z0123456789ABCDEFGHIJ"})
    finding = found(aws, wanted.model_copy(update={"shared": shared}), deployed=False)
    assert (finding.result, finding.seen) == ("fail", "no zone Z0123456789ABCDEFGHIJ")


@pytest.mark.usefixtures("servers")
def test_a_parent_that_does_not_answer_leaves_it_open(aws: FakeAws, wanted: Deployment) -> None:
    def silent(domain: str) -> frozenset[str]:
        raise Unseen(f"the parent zone of {domain} gave no answer")

    (finding,) = delegation(aws, wanted, silent, deployed=True)
    assert finding.result == "unknown"


class _Certificates:
    """In place of ACM, where time passes at once."""

    def __init__(self, status: str) -> None:
        self.status = status

    def describe_certificate(self, *, CertificateArn: str) -> dict[str, dict[str, str]]:  # noqa: N803
        return {"Certificate": {"CertificateArn": CertificateArn, "Status": self.status}}


@pytest.mark.parametrize(
    ("status", "result"), [("ISSUED", "ok"), ("PENDING_VALIDATION", "fail"), ("VALIDATION_TIMED_OUT", "fail")]
)
def test_the_certificate_has_to_be_issued(aws: FakeAws, wanted: Deployment, status: str, result: str) -> None:
    (none,) = certificate(aws, wanted)
    assert (none.result, none.seen) == ("fail", "none for example.com")
    arn = aws.client("acm").request_certificate(DomainName="example.com", ValidationMethod="DNS")["CertificateArn"]
    shared = wanted.shared.model_copy(update={"certificate_arn": arn})
    given = wanted.model_copy(update={"shared": shared})
    acm = replace(aws, instead={"acm": _Certificates(status)})
    (finding,) = certificate(acm, given)
    assert finding.result == result
