"""Guardrail on identities: service account, Pod Identity association, role, trust and rights name each other."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from constructs_lib.guardrails.estate import Address, Estate, estates
from constructs_lib.guardrails.releases import ADDON_ACCOUNTS, service_accounts
from constructs_lib.guardrails.roles import (
    ASSOCIATION,
    ROLE,
    SOURCE,
    Statement,
    account_of,
    bindings,
    conditions,
    matches,
    rights,
    trust,
)
from constructs_lib.guardrails.rule import Document, Files
from constructs_lib.guardrails.values import Placed

Found = Iterator[tuple[str, str, str]]

KUBE_SYSTEM = "kube-system"
# The service accounts of EKS add-ons that bring the association with them, beside ADDON_ACCOUNTS.
_OF_ADDONS = frozenset({*ADDON_ACCOUNTS.values(), "aws-node"})
# (chart, key) of buckets that no pod of the release touches → why.
BUCKETS_OF_OTHERS: Mapping[tuple[str, str], str] = {
    ("load-balancers", "accessLogBucket"): "Elastic Load Balancing writes there, by the bucket's policy",
}


@dataclass(frozen=True, kw_only=True)
class Binding:
    """An association of a service account; ``cluster`` is empty where no stack says its name."""

    stack: str
    address: str
    namespace: str
    account: str
    cluster: str
    role: Address | None


def bindings_of(estate: Estate) -> Iterator[Binding]:
    """Every association, those that add-ons bring too."""
    for address, given in estate.resources(ASSOCIATION):
        yield _binding(estate, address, given, str(given.get("namespace")))
    for address, addon in estate.resources("aws_eks_addon"):
        for given in addon.get("pod_identity_association", ()):
            yield _binding(estate, address, {**addon, **given}, KUBE_SYSTEM)


def _binding(estate: Estate, address: Address, given: Mapping[str, Any], namespace: str) -> Binding:
    cluster = estate.literal(address.stack, given.get("cluster_name"))
    return Binding(
        stack=address.stack,
        address=f"{address.kind}.{address.name}",
        namespace=namespace,
        account=str(given.get("service_account")),
        cluster="" if "${" in cluster else cluster,
        role=estate.resolve(address.stack, given.get("role_arn")),
    )


def identities_meet(stacks: Mapping[str, Document], files: Mapping[str, Files]) -> Found:
    """Who is associated has pods and is trusted, and the reverse; a bucket that is named may be used (7.2.5)."""
    for estate in estates(stacks, files):
        given = tuple(bindings_of(estate))
        accounts = {(each.namespace, account) for each in estate.releases for account in service_accounts(each)}
        accounts |= {(made.namespace, made.name) for made in estate.made if made.kind == "ServiceAccount"}
        trusts = functools.cache(functools.partial(trust, estate))
        for each in given:
            statements = trusts(each.role) if each.role and each.role.kind == ROLE else None
            for message in _binding_faults(estate, each, statements, accounts):
                yield each.stack, each.address, message
        yield from _unbound(estate, given)
        buckets = {str(arguments.get("bucket")) for _, arguments in estate.resources("aws_s3_bucket")}
        by_stack: dict[str, set[Address]] = {}
        for each in given:
            if each.role:
                by_stack.setdefault(each.stack, set()).add(each.role)
        for placed in estate.releases:
            yield from _buckets(estate, placed, buckets, by_stack.get(placed.stack, set()))


def _binding_faults(
    estate: Estate, each: Binding, statements: list[Statement] | None, accounts: set[tuple[str, str]]
) -> Iterator[str]:
    pair = f"{each.namespace}/{each.account}"
    if (each.namespace, each.account) not in accounts and each.account not in _OF_ADDONS:
        yield (
            f"service_account: no release names {pair} in its values; set the name there to the one of the row's "
            "bindings in iam/rows, or mend the binding"
        )
    if statements is None:
        yield "role_arn: leads to no role of the deployment; take it from the outputs of foundation-iam"
        return
    role = f"{each.role.stack} {ROLE}.{each.role.name}" if each.role else ""
    if not any(
        matches((namespace,), each.namespace) and account == each.account for namespace, account in bindings(statements)
    ):
        yield f"role_arn: the trust policy of {role} doesn't admit {pair}; add it to the row's bindings in iam/rows"
    sources = [source for statement in statements for source in conditions(statement).get(SOURCE, ())]
    cluster = f":{account_of(estate, each.stack)}:cluster/{each.cluster}"
    if each.cluster and sources and not any(source.endswith(cluster) for source in sources):
        yield f"cluster_name: {role} trusts {', '.join(sources)}, not cluster {each.cluster}; both are naming.cluster"


def _unbound(estate: Estate, given: tuple[Binding, ...]) -> Found:
    """Trust that nobody takes up. Patterns of namespaces are for those of teams, of which there may be none."""
    bound = {(each.namespace, each.account) for each in given}
    for stack in sorted({each.role.stack for each in given if each.role}):
        for name in estate.stacks[stack].get("resource", {}).get(ROLE, {}):
            for namespace, account in bindings(trust(estate, Address(stack, ROLE, name))):
                if "*" not in namespace and (namespace, account) not in bound:
                    yield (
                        stack,
                        f"{ROLE}.{name}",
                        f"trusts {namespace}/{account}, which no stack associates; add the row to the component's "
                        "identities, or take the binding out of iam/rows",
                    )


def _buckets(estate: Estate, placed: Placed, names: set[str], roles: set[Address]) -> Found:
    """Buckets among ``names`` that the values name, and none of the ``roles`` of the stack may use."""
    for path, value in placed.leaves:
        if value not in names or (placed.chart, path[-1]) in BUCKETS_OF_OTHERS:
            continue
        if not any(_uses(rights(estate, role), str(value)) for role in roles):
            yield (
                placed.stack,
                placed.address,
                f"{placed.values_file}: {'.'.join(path)}: no role associated in this stack may use bucket {value}; "
                "amend the component's identities or the role's row in iam/rows",
            )


def _uses(statements: list[Statement], bucket: str) -> bool:
    return any(
        action.startswith("s3:") and resource.startswith(f"arn:aws:s3:::{bucket}/")
        for statement in statements
        for action in statement.get("actions", ())
        for resource in statement.get("resources", ())
    )
