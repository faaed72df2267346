"""Guardrails on Helm releases: whole or not at all, pinned, few, and after the identities that their pods need."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from constructs_lib.guardrails.estate import estates
from constructs_lib.guardrails.rule import Document, Files
from constructs_lib.guardrails.values import Placed, releases

Found = Iterator[tuple[str, str, str]]

# Each release is read anew by every plan: more than this makes a plan slow (terraform-provider-helm #458, #1156).
MOST_RELEASES = 8
_PINNED = re.compile(r"^v?\d+\.\d+\.\d+([+-][0-9A-Za-z.-]+)?$")
_REQUIRED = ("atomic", "cleanup_on_fail", "wait")
# Ways to log in that put a credential into state or depend on a machine.
_OTHER_LOGINS = ("token", "password", "client_key", "config_path", "config_paths", "config_context", "insecure")
# The service accounts of EKS add-ons that have one with a role.
ADDON_ACCOUNTS = {"aws-ebs-csi-driver": "ebs-csi-controller-sa"}


def whole_releases(stacks: Mapping[str, Document], files: Mapping[str, Files]) -> Found:
    """Every release is atomic, cleans up, waits, has a time limit and a pinned version, and its files are there."""
    for placed in releases(stacks, files):
        for message in _faults(placed, files.get(placed.stack, {})):
            yield placed.stack, placed.address, message


def _faults(placed: Placed, files: Files) -> Iterator[str]:
    arguments = placed.arguments
    yield from (f"needs {setting}" for setting in _REQUIRED if arguments.get(setting) is not True)
    if not arguments.get("timeout", 0) > 0:
        yield "needs a timeout"
    if not _PINNED.match(str(arguments.get("version", ""))):
        yield "needs an exact version"
    if not arguments.get("namespace"):
        yield "needs a namespace"
    if placed.values_file not in files:
        yield "needs a values file beside the JSON, as the first of its values"
    yield from _chart_faults(str(arguments.get("chart", "")), arguments.get("repository"), files)


def _chart_faults(chart: str, repository: str | None, files: Files) -> Iterator[str]:
    if chart.startswith("./") and f"{chart[2:]}/Chart.yaml" not in files:
        yield f"its chart {chart} is not in the stack's directory"
    elif not chart.startswith("./") and not repository:
        yield "needs a repository"


def few_releases(stacks: Mapping[str, Document], files: Mapping[str, Files]) -> Found:
    """No stack holds more releases than a plan reads in reasonable time."""
    del files
    for stack, document in stacks.items():
        count = len(document.get("resource", {}).get("helm_release", {}))
        if count > MOST_RELEASES:
            yield stack, "helm_release", f"{count} releases; {MOST_RELEASES} at most"


def exec_login(stacks: Mapping[str, Document], files: Mapping[str, Files]) -> Found:
    """Providers of the cluster log in by ``aws eks get-token`` and in no other way (8.6.2)."""
    del files
    for stack, document in stacks.items():
        for name in ("helm", "kubernetes"):
            for configuration in document.get("provider", {}).get(name, []):
                access = configuration.get("kubernetes", {}) if name == "helm" else configuration
                login = access.get("exec", {})
                login = login[0] if isinstance(login, list) and login else login
                if not login or login.get("command") != "aws" or "get-token" not in login.get("args", []):
                    yield stack, f"provider.{name}", "must log in by exec of aws eks get-token"
                if not (access.get("host") and access.get("cluster_ca_certificate")):
                    yield stack, f"provider.{name}", "needs host and cluster_ca_certificate"
                for other in (setting for setting in _OTHER_LOGINS if access.get(setting)):
                    yield stack, f"provider.{name}", f"must not set {other}"


def identities_first(stacks: Mapping[str, Document], files: Mapping[str, Files]) -> Found:
    """A service account that some role trusts is associated before what runs its pods: they take it up at creation."""
    for estate in estates(stacks, files):
        trusted = _trusted(estate.stacks)
        for placed, account in ((each, name) for each in estate.releases for name in service_accounts(each)):
            if (placed.namespace, account) in trusted:
                yield from _associated(stacks[placed.stack], placed, account)
    for stack, document in stacks.items():
        for name, addon in document.get("resource", {}).get("aws_eks_addon", {}).items():
            needed = ADDON_ACCOUNTS.get(addon.get("addon_name", ""))
            if needed and not _depends(document, f"aws_eks_addon.{name}", _associations(document, needed)):
                yield stack, f"aws_eks_addon.{name}", f"must depend on the association of {needed}"


def _associated(document: Document, placed: Placed, account: str) -> Found:
    associations = _associations(document, account, placed.namespace)
    if not associations:
        yield placed.stack, placed.address, f"{placed.namespace}/{account} has a role but no Pod Identity association"
    elif not _depends(document, placed.address, associations):
        yield placed.stack, placed.address, f"must depend on the association of {account}"


def service_accounts(placed: Placed) -> set[str]:
    """Names in ``serviceAccount.name``, ``serviceAccount.<part>.name`` and ``…serviceAccountName`` of the values."""
    return {
        str(value)
        for path, value in placed.leaves
        if value and path and (names_account(path) or path[-1].lower().endswith("serviceaccountname"))
    }


def names_account(path: tuple[str, ...]) -> bool:
    """Whether a service account's own name is at ``path``: one that the chart makes."""
    return path[-1] == "name" and "serviceAccount" in path[-3:-1]


def _trusted(stacks: Mapping[str, Document]) -> set[tuple[str, str]]:
    """(namespace, service account) of every trust policy for Pod Identity."""
    found: set[tuple[str, str]] = set()
    for document in stacks.values():
        for policy in document.get("data", {}).get("aws_iam_policy_document", {}).values():
            for statement in policy.get("statement", []):
                values = {c["variable"]: c["values"] for c in statement.get("condition", [])}
                for namespace in values.get("aws:RequestTag/kubernetes-namespace", []):
                    for account in values.get("aws:RequestTag/kubernetes-service-account", []):
                        found.add((namespace, account))
    return found


def _associations(document: Document, account: str, namespace: str | None = None) -> set[str]:
    return {
        f"aws_eks_pod_identity_association.{name}"
        for name, association in document.get("resource", {}).get("aws_eks_pod_identity_association", {}).items()
        if association.get("service_account") == account and namespace in (None, association.get("namespace"))
    }


def _depends(document: Document, address: str, wanted: set[str]) -> bool:
    """Whether ``address`` depends on one of ``wanted``, through others too."""
    seen, waiting = set(), [address]
    while waiting:
        kind, _, name = waiting.pop().partition(".")
        for needed in document.get("resource", {}).get(kind, {}).get(name, {}).get("depends_on", []):
            if needed in wanted:
                return True
            if needed not in seen:
                seen.add(needed)
                waiting.append(needed)
    return False
