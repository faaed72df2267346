"""The register of all guardrails. A rule's id is what violations and documents name; it never changes its meaning."""

from __future__ import annotations

from constructs_lib.guardrails import (
    boundaries,
    hosts,
    identities,
    images,
    lifecycle,
    names,
    output,
    owners,
    pci,
    programs,
    references,
    releases,
    resources,
    secrets,
    transit,
)
from constructs_lib.guardrails.rule import Check, FileCheck, FileRule, Rule


def _rule(id: str, check: Check) -> Rule:
    return Rule(id=id, title=(check.__doc__ or "").strip(), check=check)


RULES: tuple[Rule, ...] = (
    _rule("OUT-1", output.no_tokens),
    _rule("OUT-2", output.readable_addresses),
    _rule("OUT-3", output.no_secrets),
    _rule("OUT-4", output.no_forbidden_kinds),
    _rule("OUT-5", output.both_provider_majors),
    _rule("OUT-6", programs.no_programs),
    _rule("STK-1", boundaries.no_automatic_references),
    _rule("STK-2", boundaries.declared_remote_outputs),
    _rule("STK-3", boundaries.provider_boundaries),
    _rule("STK-4", boundaries.encrypted_state),
    _rule("RES-1", resources.buckets),
    _rule("RES-2", resources.keys),
    _rule("RES-3", resources.log_groups),
    _rule("RES-4", resources.security_group_rules),
    _rule("LIF-1", lifecycle.ignored_for_a_reason),
    _rule("LIF-2", lifecycle.stateful_is_kept),
)


def _file_rule(id: str, check: FileCheck) -> FileRule:
    return FileRule(id=id, title=(check.__doc__ or "").strip(), check=check)


# Rules that also read the files beside the JSON.
FILE_RULES: tuple[FileRule, ...] = (
    _file_rule("REL-1", releases.whole_releases),
    _file_rule("REL-2", releases.few_releases),
    _file_rule("REL-3", releases.exec_login),
    _file_rule("REL-4", releases.identities_first),
    _file_rule("REL-5", references.references_exist),
    _file_rule("IMG-1", images.only_copies),
    _file_rule("REF-1", secrets.paths_exist),
    _file_rule("REF-2", secrets.makers_and_readers),
    _file_rule("REF-3", identities.identities_meet),
    _file_rule("REF-4", hosts.hosts_meet),
    _file_rule("REF-5", names.names_exist),
    _file_rule("REF-6", owners.one_owner),
    _file_rule("REF-7", owners.one_aws_name),
    _file_rule("TLS-1", transit.encrypted_to_pods),
    _file_rule("PCI-1", pci.private_api),
    _file_rule("PCI-2", pci.keys_everywhere),
    _file_rule("PCI-3", pci.no_way_past_the_firewall),
    _file_rule("PCI-4", pci.hardened_nodes),
    _file_rule("PCI-5", pci.a_trail),
    _file_rule("PCI-6", pci.watched),
)
