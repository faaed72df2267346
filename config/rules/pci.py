"""The invariants of PCI DSS v4.0.1 over a deployment's configuration, for environments whose policy names the standard.

What constructs make of a right configuration is checked on the JSON, by the guardrails (constructs_lib.guardrails.pci).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from config.capacity import encrypts_between_hosts
from config.deployment import Deployment
from config.rules.finding import Finding

STANDARD = "PCI DSS v4.0.1"
# Requirement 10.5.1: at least twelve months.
_YEAR = 365
ANYWHERE = "0.0.0.0/0"
_COMPONENTS = "deployment:components"
_ACCOUNT = "deployment:account"


@dataclass(frozen=True, kw_only=True)
class Must:
    """One invariant of one value: ``value`` reads it, ``holds`` judges it; the rest is what a person is told."""

    requirement: str
    key: str
    value: Callable[[Deployment], Any]
    holds: Callable[[Any], bool]
    message: str
    remedy: str


def _on(requirement: str, component: str, why: str) -> Must:
    return Must(
        requirement=requirement,
        key=f"{_COMPONENTS}.{component}",
        value=lambda deployment: component in deployment.components.enabled(),
        holds=bool,
        message=f"must be enabled: {why}",
        remedy='write {"enabled": true}',
    )


def _there(requirement: str, key: str, name: str, why: str) -> Must:
    return Must(
        requirement=requirement,
        key=f"{_ACCOUNT}:{key}",
        value=lambda deployment: getattr(deployment.account, name),
        holds=lambda ownership: ownership != "off",
        message=f"must not be off: {why}",
        remedy="remove the key, or write existing where the landing zone has it",
    )


def _kept(key: str, value: Callable[[Deployment], int]) -> Must:
    return Must(
        requirement="10.5.1",
        key=key,
        value=value,
        holds=lambda days: days >= _YEAR,
        message=f"must be {_YEAR} or more: audit logs are kept for twelve months",
        remedy="remove the key, or write 400",
    )


class PciInvariants:
    """What must hold in a deployment of the standard; ``findings`` yields what doesn't, each with its requirement.

    ``FLAGS`` says the requirement behind what the environment's policy forbids and other rules look for.
    """

    FLAGS: ClassVar[Mapping[str, str]] = {
        "public_endpoint": "1.3.1",
        # An instance that is taken away within two minutes may not have sent its logs.
        "spot": "10.3.3",
        "team_internet": "1.3.2",
        "weaker_policies": "2.2.1",
    }
    MUSTS: ClassVar[tuple[Must, ...]] = (
        Must(
            requirement="1.3.2",
            key="deployment:vpc:egress",
            value=lambda deployment: deployment.vpc.egress,
            holds=lambda egress: egress != "open",
            message="must be firewall or none: what leaves is restricted to what is needed",
            remedy="remove the key for none, or write firewall",
        ),
        Must(
            requirement="4.2.1",
            key="deployment:transit:toPods",
            value=lambda deployment: deployment.transit.to_pods,
            holds=bool,
            message="must be true: traffic from load balancers to pods is encrypted, too",
            remedy="remove the key",
        ),
        Must(
            requirement="2.2.6",
            key="deployment:nodes:lockdown",
            value=lambda deployment: deployment.nodes.lockdown,
            holds=lambda lockdown: lockdown != "none",
            message="must not be none: nobody changes the kernel of a node that runs",
            remedy="remove the key for integrity",
        ),
        Must(
            requirement="6.3.2",
            key="deployment:shared:images",
            value=lambda deployment: deployment.shared.images,
            holds=lambda images: images == "copies",
            message="must be copies: only images that are listed, and were looked at, run",
            remedy="remove the key",
        ),
        Must(
            requirement="6.4.2",
            key="deployment:ingress:waf",
            value=lambda deployment: deployment.ingress.waf,
            holds=bool,
            message="must be true: a web ACL is in front of public applications",
            remedy="remove the key",
        ),
        Must(
            requirement="12.10.1",
            key="deployment:backup:vault",
            value=lambda deployment: deployment.backup.vault,
            holds=bool,
            message="must be true: recovery needs copies that nobody deletes",
            remedy="remove the key",
        ),
        _kept("deployment:audit:retentionDays", lambda deployment: deployment.audit.retention_days),
        _kept("deployment:eks:logRetentionDays", lambda deployment: deployment.eks.log_retention_days),
        _kept("deployment:vpc:flowLogRetentionDays", lambda deployment: deployment.vpc.flow_log_retention_days),
        _there("10.2.1", "cloudtrail", "cloudtrail", "calls to AWS are logged"),
        _there("11.5.2", "configRecorder", "config_recorder", "changes of what is critical are detected"),
        _there("11.5.1", "guardduty", "guardduty", "intrusions are detected"),
        _there("12.4.2", "securityHub", "security_hub", "controls are reviewed"),
        _there("11.3.1", "inspector", "inspector", "vulnerabilities are scanned for"),
        _there("11.3.1", "ecrRegistry", "ecr_registry", "images are scanned for vulnerabilities"),
        _there("7.2.4", "accessAnalyzer", "access_analyzer", "access from outside is reviewed"),
        _there("10.4.1.1", "alarms", "alarms", "logs are reviewed by machine"),
        _there("8.3.6", "passwordPolicy", "password_policy", "passwords have a least length"),
        _there("3.5.1", "ebsEncryption", "ebs_encryption", "whatever stores data is encrypted"),
        _there("1.4.4", "s3PublicAccessBlock", "s3_public_access_block", "stores aren't reached from outside"),
        _on("11.5.1", "falco", "intrusions into workloads are detected"),
        _on("12.10.1", "velero", "recovery needs copies of what is in the cluster"),
        _on("2.2.1", "kyverno", "it keeps workloads to the configuration standard"),
        _on("8.6.2", "external-secrets", "no secret stands in a file or in a manifest"),
        _on("4.2.1", "cert-manager", "pods need certificates to speak TLS"),
    )

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment

    def findings(self) -> Iterator[Finding]:
        for must in self.MUSTS:
            value = must.value(self._deployment)
            if not must.holds(value):
                found = Finding(key=must.key, value=value, message=must.message, remedy=must.remedy)
                yield with_requirement(found, must.requirement)
        yield from self._between_hosts()
        yield from self._anywhere()
        yield from self._components()

    def _between_hosts(self) -> Iterator[Finding]:
        """Requirement 4.2.1: pods of two nodes speak to each other over a network that others use, too."""
        deployment = self._deployment
        types = [("deployment:eks:systemInstanceTypes", deployment.eks.system_nodes.instance_types)]
        types += [("deployment:karpenter:pools", pool.instance_types) for pool in deployment.karpenter.pools]
        for key, names in types:
            for name in names:
                if not encrypts_between_hosts(name):
                    message = "must be a type that encrypts what goes between instances"
                    found = Finding(key=key, value=name, message=message, remedy="choose a type such as m6a.large")
                    yield with_requirement(found, "4.2.1")

    def _anywhere(self) -> Iterator[Finding]:
        """Requirements 1.3.1 and 1.3.2: what comes in and what leaves is restricted to what is needed."""
        deployment = self._deployment
        for requirement, key, ways in (
            ("1.3.1", "deployment:ingress:publicCidrs", deployment.ingress.public_cidrs),
            ("1.3.2", "deployment:networkPolicies:allowedEgress", deployment.vpc.allowed_egress),
        ):
            for index, way in enumerate(ways):
                if way == ANYWHERE:
                    message, remedy = "must not be the whole internet", "list the networks that are needed"
                    found = Finding(key=f"{key}[{index}]", value=way, message=message, remedy=remedy)
                    yield with_requirement(found, requirement)

    def _components(self) -> Iterator[Finding]:
        """Requirement 1.4.4: the platform's own components aren't reached from outside."""
        for name, settings in self._deployment.components.hosts().items():
            if settings.exposure == "public":
                found = Finding(
                    key=f"{_COMPONENTS}.{name}.exposure",
                    value=settings.exposure,
                    message="must be internal: the platform's own components aren't reached from outside",
                    remedy="write internal",
                )
                yield with_requirement(found, "1.4.4")


def with_requirement(finding: Finding, requirement: str) -> Finding:
    """``finding`` with the standard's requirement at the end of its message."""
    return replace(finding, message=f"{finding.message} ({STANDARD}, {requirement})")


def invariants(deployment: Deployment) -> Iterator[Finding]:
    """A deployment of PCI DSS keeps its invariants; each names the requirement."""
    if deployment.policy.standard == "pci-dss":
        yield from PciInvariants(deployment).findings()


def explained(finding: Finding, deployment: Deployment) -> Finding:
    """``finding`` with the requirement behind the policy's flag that forbids it, where a standard is why."""
    if deployment.policy.standard == "pci-dss" and finding.flag:
        return with_requirement(finding, PciInvariants.FLAGS[finding.flag])
    return finding


DEPLOYMENT_RULES = (invariants,)
