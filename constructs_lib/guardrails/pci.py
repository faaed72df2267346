"""Guardrails of PCI DSS v4.0.1 on the JSON of deployments in scope of it, which say so by their default tags.

The configuration's invariants (config.rules.pci) refuse a file that asks for something else; these look at what came
of it. Each rule's title ends with the requirements that it proves.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from constructs_lib.guardrails.estate import Estate, estates
from constructs_lib.guardrails.rule import Document, Files, default_tags

Found = Iterator[tuple[str, str, str]]

# Default tag of the deployments of a standard (``constructs_lib.stack``, which loads the engine), and its value.
TAG, VALUE = "compliance-standard", "pci-dss"
# Kind → where its customer managed key stands: dotted path of arguments.
ENCRYPTED: Mapping[str, str] = {
    "aws_backup_vault": "kms_key_arn",
    "aws_cloudtrail": "kms_key_id",
    "aws_cloudwatch_event_bus": "kms_key_identifier",
    "aws_cloudwatch_log_group": "kms_key_id",
    "aws_dynamodb_table": "server_side_encryption.kms_key_arn",
    "aws_ecr_repository": "encryption_configuration.kms_key",
    "aws_ecr_repository_creation_template": "encryption_configuration.kms_key",
    "aws_eks_cluster": "encryption_config.provider.key_arn",
    "aws_rds_cluster": "kms_key_id",
    "aws_secretsmanager_secret": "kms_key_id",
    "aws_sns_topic": "kms_master_key_id",
    "aws_sqs_queue": "kms_master_key_id",
}
_ANYWHERE = "0.0.0.0/0"
# Own chart of the pools that Karpenter fills.
NODE_POOLS = "node-pools"
_COMPONENTS = ("falco", "velero", "kyverno", "external-secrets", "cert-manager")


def in_scope(stacks: Mapping[str, Document], files: Mapping[str, Files]) -> Iterator[Estate]:
    """The deployments among ``stacks`` that the standard applies to."""
    for estate in estates(stacks, files):
        if any(default_tags(document).get(TAG) == VALUE for document in estate.stacks.values()):
            yield estate


def private_api(stacks: Mapping[str, Document], files: Mapping[str, Files]) -> Found:
    """PCI: the API server has a private endpoint only (1.3.1)."""
    for estate in in_scope(stacks, files):
        for address, cluster in estate.resources("aws_eks_cluster"):
            network = _at(cluster, "vpc_config")
            if _at(network, "endpoint_public_access") is not False or not _at(network, "endpoint_private_access"):
                yield address.stack, f"{address.kind}.{address.name}", "must have a private endpoint and no public one"


def keys_everywhere(stacks: Mapping[str, Document], files: Mapping[str, Files]) -> Found:
    """PCI: every store is encrypted by a customer managed key (3.5.1, 3.6.1)."""
    for estate in in_scope(stacks, files):
        for kind, path in ENCRYPTED.items():
            for address, arguments in estate.resources(kind):
                if not _at(arguments, path):
                    yield address.stack, f"{kind}.{address.name}", f"needs a customer managed key in {path}"


def no_way_past_the_firewall(stacks: Mapping[str, Document], files: Mapping[str, Files]) -> Found:
    """PCI: nodes and pods leave the VPC by a firewall's endpoint, or not at all (1.3.2)."""
    for estate in in_scope(stacks, files):
        for stack, document in estate.stacks.items():
            tables = set(_tables_of(document, "private"))
            for name, route in document.get("resource", {}).get("aws_route", {}).items():
                leads_out = route.get("destination_cidr_block") == _ANYWHERE and not route.get("vpc_endpoint_id")
                if leads_out and _owner(route.get("route_table_id")) in tables:
                    yield stack, f"aws_route.{name}", "a private subnet's way out must be a firewall's endpoint"


def hardened_nodes(stacks: Mapping[str, Document], files: Mapping[str, Files]) -> Found:
    """PCI: nodes are on demand, ask for IMDSv2, lock their kernel and have no admin container (2.2.4, 2.2.6)."""
    for estate in in_scope(stacks, files):
        for address, group in estate.resources("aws_eks_node_group"):
            if group.get("capacity_type") != "ON_DEMAND":
                yield address.stack, f"{address.kind}.{address.name}", "must be on demand"
        for address, template in estate.resources("aws_launch_template"):
            settings = _user_data(estate.stacks[address.stack], template)
            for message in (*_imds(template), *_soft(settings)):
                yield address.stack, f"{address.kind}.{address.name}", message
        for placed in (each for each in estate.releases if each.chart == NODE_POOLS):
            for message in (*_soft(placed.values.get("settings")), *_spot(placed.values)):
                yield placed.stack, placed.address, message


def a_trail(stacks: Mapping[str, Document], files: Mapping[str, Files]) -> Found:
    """PCI: a trail is of all regions and validated, and nobody deletes what it wrote (10.2.1, 10.3.2, 10.3.4)."""
    for estate in in_scope(stacks, files):
        for address, trail in estate.resources("aws_cloudtrail"):
            place = address.stack, f"{address.kind}.{address.name}"
            for setting in ("is_multi_region_trail", "enable_log_file_validation", "include_global_service_events"):
                if trail.get(setting) is not True:
                    yield *place, f"{setting} must be true"
            bucket = estate.resolve(address.stack, trail.get("s3_bucket_name"))
            locked = {
                _owner(lock.get("bucket")) for _, lock in estate.resources("aws_s3_bucket_object_lock_configuration")
            }
            if bucket is not None and f"{bucket.kind}.{bucket.name}" not in locked:
                yield *place, "its bucket needs an object lock"


def watched(stacks: Mapping[str, Document], files: Mapping[str, Files]) -> Found:
    """PCI: what watches, backs up and restricts workloads is installed (2.2.1, 8.6.2, 11.5.1, 12.10.1)."""
    for estate in in_scope(stacks, files):
        installed = {placed.name for placed in estate.releases}
        if not estate.releases:
            continue
        for name in _COMPONENTS:
            if name not in installed:
                yield sorted(estate.stacks)[0], name, "must be installed: no stack has its release"


def _at(value: Any, path: str) -> Any:
    """What is at the dotted ``path``; a list of blocks counts as its first one."""
    for part in path.split("."):
        value = value[0] if isinstance(value, list) and value else value
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _owner(reference: Any) -> str:
    """``aws_route_table.public`` of ``${aws_route_table.public.id}``."""
    return str(reference).removeprefix("${").rpartition(".")[0]


def _tables_of(document: Document, tier: str) -> Iterator[str]:
    """Addresses of the route tables of the subnets named after ``tier``."""
    for association in document.get("resource", {}).get("aws_route_table_association", {}).values():
        if _owner(association.get("subnet_id")).startswith(f"aws_subnet.{tier}_"):
            yield _owner(association.get("route_table_id"))


def _user_data(document: Document, template: Mapping[str, Any]) -> Any:
    """Bottlerocket's settings in the user data of a launch template: the local value that it encodes, as TOML."""
    local = re.search(r"local\.([a-z0-9_]+)", str(template.get("user_data")))
    return tomllib.loads(document.get("locals", {}).get(local[1], "")).get("settings") if local else None


def _imds(template: Mapping[str, Any]) -> Iterator[str]:
    if _at(template, "metadata_options.http_tokens") != "required":
        yield "must ask for IMDSv2 (metadata_options.http_tokens)"


def _soft(settings: Any) -> Iterator[str]:
    """What Bottlerocket's ``settings`` leave open."""
    if _at(settings, "kernel.lockdown") not in ("integrity", "confidentiality"):
        yield "its nodes must lock their kernel (settings.kernel.lockdown)"
    if _at(settings, "host-containers.admin.enabled") is not False:
        yield "its nodes must have no admin container (settings.host-containers.admin.enabled)"


def _spot(values: Mapping[str, Any]) -> Iterator[str]:
    for pool in values.get("pools", ()):
        if pool.get("capacityTypes") != ["on-demand"]:
            yield f"pool {pool.get('name')} must be on demand"
