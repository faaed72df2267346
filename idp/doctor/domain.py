"""The platform's domain: does its parent delegate to the zone, and is the certificate issued."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rdatatype
import dns.resolver
from botocore.exceptions import ClientError

from config.deployment import Deployment
from idp.aws import Aws, refused
from idp.findings import Finding, Unseen, fail, ok, unknown

_SECONDS = 10.0
# A domain → the name servers that its parent zone delegates it to. Raises Unseen where the parent can't be asked.
Parent = Callable[[str], frozenset[str]]


def delegated(domain: str) -> frozenset[str]:
    """Ask a server of the parent zone: what a resolver remembers may be hours old, and is the zone's own word."""
    name = dns.name.from_text(domain)
    try:
        parent = dns.resolver.zone_for_name(name.parent())
        server = next(iter(dns.resolver.resolve(parent, "NS"))).target
        address = next(iter(dns.resolver.resolve(server, "A"))).address
        question = dns.message.make_query(name, "NS")
        question.flags &= ~dns.flags.RD
        answer, _ = dns.query.udp_with_fallback(question, address, timeout=_SECONDS)
    except (dns.exception.DNSException, OSError) as error:
        raise Unseen(f"the parent zone of {domain} gave no answer: {error}") from error
    return name_servers(answer, name)


def name_servers(answer: dns.message.Message, name: dns.name.Name) -> frozenset[str]:
    """NS records of ``name``: in a referral they stand below authority, from a server of both zones below answer."""
    found = (
        record.target.to_text(omit_final_dot=True).lower()
        for section in (answer.answer, answer.authority)
        for records in section
        if records.rdtype == dns.rdatatype.NS and records.name == name
        for record in records
    )
    return frozenset(found)


def zone_servers(aws: Aws, deployment: Deployment) -> frozenset[str] | None:
    """Name servers of the deployment's zone in Route 53; None where there is no such zone yet."""
    client, wanted = aws.client("route53"), deployment.shared.zone_id
    if wanted is None:
        named = client.list_hosted_zones_by_name(DNSName=deployment.platform.domain)["HostedZones"]
        own = [
            zone["Id"]
            for zone in named
            if zone["Name"] == f"{deployment.platform.domain}." and not zone["Config"]["PrivateZone"]
        ]
        if not own:
            return None
        wanted = own[0]
    try:
        servers = client.get_hosted_zone(Id=wanted)["DelegationSet"]["NameServers"]
    except ClientError as error:
        if refused(error, "NoSuchHostedZone"):
            return None
        raise
    return frozenset(server.rstrip(".").lower() for server in servers)


def delegation(aws: Aws, deployment: Deployment, parent: Parent, *, deployed: bool) -> Iterator[Finding]:
    """Whether the parent's NS records are those of the zone, all of them and no others."""
    check, domain = "dns: delegation", deployment.platform.domain
    servers = zone_servers(aws, deployment)
    if servers is None:
        yield _no_zone(check, deployment, deployed=deployed)
        return
    try:
        there = parent(domain)
    except Unseen as error:
        yield unknown(check, str(error), "ask from a network that lets DNS out to the internet")
        return
    remedy = f"make the NS records of {domain} at its parent these: {', '.join(sorted(servers))}"
    if there == servers:
        yield ok(check, f"the parent names {', '.join(sorted(there))}")
    elif not there:
        yield fail(check, f"the parent zone has no NS records of {domain}", remedy)
    else:
        yield fail(check, f"the parent names {', '.join(sorted(there))}", remedy)


def _no_zone(check: str, deployment: Deployment, *, deployed: bool) -> Finding:
    domain, given = deployment.platform.domain, deployment.shared.zone_id
    if given is not None:
        remedy = "correct deployment:shared:zoneId; the zone has to be in an account that these credentials read"
        return fail(check, f"no zone {given}", remedy)
    if deployed:
        return fail(check, f"no zone {domain} yet", f"apply {deployment.id}-foundation-shared")
    return ok(check, "the first half of the apply makes the zone; delegate it while that waits for the certificate")


def certificate(aws: Aws, deployment: Deployment) -> Iterator[Finding]:
    """Whether the platform's certificate is issued."""
    check, client, domain = "dns: certificate", aws.client("acm"), deployment.platform.domain
    given = deployment.shared.certificate_arn
    arns = [given] if given else _certificates(aws, domain)
    if not arns:
        yield fail(check, f"none for {domain}", f"apply {deployment.id}-foundation-shared")
        return
    states = {arn: client.describe_certificate(CertificateArn=arn)["Certificate"]["Status"] for arn in arns}
    issued = [arn for arn, state in states.items() if state == "ISSUED"]
    if issued:
        yield ok(check, f"issued: {issued[0]}")
    elif "PENDING_VALIDATION" in states.values():
        remedy = "ACM issues it once the parent delegates to the zone, within an hour; then run the apply again"
        yield fail(check, "waits for its validation by DNS", remedy)
    else:
        yield fail(check, ", ".join(sorted(set(states.values()))), "look at it in ACM, and make it anew")


def _certificates(aws: Aws, domain: str) -> list[str]:
    listed = aws.pages("acm", "list_certificates", "CertificateSummaryList")
    return [each["CertificateArn"] for each in listed if each["DomainName"] == domain]
