"""Who may assume a role: trust policy statements. Pure: imports no engine."""

from __future__ import annotations

from collections.abc import Sequence

from constructs_lib.iam.document import Statement, when
from constructs_lib.naming import Naming

GITHUB_OIDC_HOST = "token.actions.githubusercontent.com"
# The role ``<deployment>-break-glass``.
BREAK_GLASS = "break-glass"


def service_trust(service: str, *, account: str) -> Statement:
    """An AWS service, acting for this account only (IAM User Guide, "The confused deputy problem")."""
    return Statement(
        sid="Service",
        actions=("sts:AssumeRole",),
        principals={"Service": (service,)},
        conditions=(when("StringEquals", "aws:SourceAccount", account),),
    )


def compute_trust(service: str) -> Statement:
    """A service that assumes the role for compute it runs (EC2, EKS): it sends no source account."""
    return Statement(sid="Service", actions=("sts:AssumeRole",), principals={"Service": (service,)})


def people_trust(roles: Sequence[str]) -> Statement:
    """Declared SSO roles. ``roles`` are full ARNs and must exist when the trust policy is written."""
    return Statement(
        sid="DeclaredIdentities",
        actions=("sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"),
        principals={"AWS": tuple(sorted(set(roles)))},
    )


def break_glass_trust(users: Sequence[str]) -> Statement:
    """IAM users, ARNs, who gave a second factor: to the request itself, or when they signed in to the console.

    Source: IAM User Guide, "Secure API access with MFA". Sessions of Identity Center carry no such key, which is why
    users are asked for.
    """
    return Statement(
        sid="DeclaredUsers",
        actions=("sts:AssumeRole", "sts:SetSourceIdentity"),
        principals={"AWS": tuple(sorted(set(users)))},
        conditions=(when("Bool", "aws:MultiFactorAuthPresent", "true"),),
    )


def reader_trust(role: str) -> Statement:
    """External Secrets, role ``role`` (an ARN), which becomes another to read for namespaces that teams use.

    Sessions of Pod Identity carry tags that go along when a role is assumed, so both actions are needed (Amazon EKS
    User Guide, "Grant Pods access to AWS resources based on tags").
    """
    return Statement(sid="ExternalSecrets", actions=("sts:AssumeRole", "sts:TagSession"), principals={"AWS": (role,)})


def own_role_trust(naming: Naming, name: str) -> Statement:
    """The role ``<deployment>-<name>`` of this account, which may not exist yet.

    A trust policy can't name it before (IAM refuses an invalid principal); the account as principal with
    ``aws:PrincipalArn`` can. The role's own policy has to allow the assumption too.
    """
    return Statement(
        sid="Role" + "".join(c for c in name.title() if c.isalnum()),
        actions=("sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"),
        principals={"AWS": (f"arn:aws:iam::{naming.account}:root",)},
        conditions=(when("ArnEquals", "aws:PrincipalArn", naming.role_arn(name)),),
    )


def github_subject(repository: str, ids: str | None) -> str:
    """What the subject of each of the repository's tokens begins with.

    ``ids`` are the numbers ``<owner>/<repository>``, for a repository whose tokens name them.
    Source: GitHub changelog, 2026-04-23, "Immutable subject claims for GitHub Actions OIDC tokens"; README of
    aws-actions/configure-aws-credentials, "Claims and scoping permissions" (an ``@`` between name and number).
    """
    if ids is None:
        return f"repo:{repository}"
    named = zip(repository.split("/"), ids.split("/"), strict=True)
    return "repo:" + "/".join(f"{name}@{number}" for name, number in named)


def github_trust(naming: Naming, subject: str, contexts: Sequence[str], *, branch: str | None = None) -> Statement:
    """CI runs whose subject is ``subject`` (``github_subject``) and one of ``contexts`` (``environment:idp``).

    ``branch`` is asked for by a claim of its own: the subject of a job that has an environment names that alone.
    Source: GitHub documentation, "Configuring OpenID Connect in Amazon Web Services" (audience and subject claims);
    AWS What's New, 2026-01, "AWS STS now supports validation of select identity provider specific claims" (``ref``).
    """
    conditions = [
        when("StringEquals", f"{GITHUB_OIDC_HOST}:aud", "sts.amazonaws.com"),
        when("StringEquals", f"{GITHUB_OIDC_HOST}:sub", *(f"{subject}:{context}" for context in contexts)),
    ]
    if branch is not None:
        conditions.append(when("StringEquals", f"{GITHUB_OIDC_HOST}:ref", f"refs/heads/{branch}"))
    return Statement(
        sid="GitHubActions",
        actions=("sts:AssumeRoleWithWebIdentity",),
        principals={"Federated": (f"arn:aws:iam::{naming.account}:oidc-provider/{GITHUB_OIDC_HOST}",)},
        conditions=tuple(conditions),
    )


def pod_identity_trust(naming: Naming, bindings: Sequence[tuple[str, str]]) -> list[Statement]:
    """EKS Pod Identity, for the (namespace, service account) pairs ``bindings`` of this deployment's cluster.

    One statement for each namespace: in one statement for all, any namespace would go with any service account. A
    namespace may hold ``*``: ``team-*``.
    Source: Amazon EKS User Guide, "Learn how EKS Pod Identity grants pods access to AWS services" (trust policy), and
    "Grant Pods access to AWS resources based on tags" (session tags).
    """
    accounts: dict[str, list[str]] = {}
    for namespace, account in sorted(set(bindings)):
        accounts.setdefault(namespace, []).append(account)
    return [
        Statement(
            sid="PodIdentity" + "".join(c for c in namespace.title() if c.isalnum()),
            actions=("sts:AssumeRole", "sts:TagSession"),
            principals={"Service": ("pods.eks.amazonaws.com",)},
            conditions=(
                when("StringEquals", "aws:SourceAccount", naming.account),
                when("ArnEquals", "aws:SourceArn", naming.cluster_arn),
                when("StringLike", "aws:RequestTag/kubernetes-namespace", namespace),
                when("StringEquals", "aws:RequestTag/kubernetes-service-account", *allowed),
            ),
        )
        for namespace, allowed in accounts.items()
    ]
