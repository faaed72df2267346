"""What the engine would run: a plan is made with credentials, of JSON that a pull request may have changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from constructs_lib.guardrails.boundaries import PROVIDER_SOURCES
from constructs_lib.guardrails.rule import Document

Found = Iterator[tuple[str, str, str]]

_SECTIONS = frozenset({"//", "data", "import", "locals", "moved", "output", "provider", "resource", "terraform"})
_TERRAFORM = frozenset({"backend", "required_providers"})
# What a provider or backend may be told. The rest names endpoints, or files whose `credential_process` is a program.
_AWS = frozenset({"alias", "allowed_account_ids", "default_tags", "region"})
_BACKEND = frozenset({"bucket", "dynamodb_table", "encrypt", "key", "kms_key_id", "region", "use_lockfile"})
# Arguments of resources that name programs: OpenTofu, "Provisioners"; helm provider, helm_release `postrender`.
_PROGRAMS = frozenset({"connection", "postrender", "provisioner"})
_REMOTE_STATE = "terraform_remote_state"


def no_programs(stacks: Mapping[str, Document]) -> Found:
    """Nothing makes the engine run programs or read from elsewhere: no provisioner, module or further provider."""
    for stack, document in stacks.items():
        for section in sorted(set(document) - _SECTIONS):
            yield stack, section, "no stack has this section"
        yield from ((stack, address, message) for address, message in _settings(document))
        yield from ((stack, address, message) for address, message in _blocks(document))


def _settings(document: Document) -> Iterator[tuple[str, str]]:
    terraform = document.get("terraform", {})
    for name in sorted(set(terraform) - _TERRAFORM):
        yield f"terraform.{name}", "no stack has this setting"
    for kind, backend in terraform.get("backend", {}).items():
        unknown = set(backend) - _BACKEND if kind == "s3" else {kind}
        for name in sorted(unknown):
            yield f"terraform.backend.{kind}", f"{name}: state lies in S3, and credentials come from the environment"
    for configuration in document.get("provider", {}).get("aws", []):
        for name in sorted(set(configuration) - _AWS):
            yield "provider.aws", f"{name}: credentials come from the environment, and endpoints are AWS's"


def _blocks(document: Document) -> Iterator[tuple[str, str]]:
    for section in ("resource", "data"):
        for kind, named in document.get(section, {}).items():
            prefix = "data." if section == "data" else ""
            for name, arguments in named.items():
                address = f"{prefix}{kind}.{name}"
                if not _known(kind, section):
                    yield address, "of no provider of a stack's: the engine would fetch one and run it"
                for argument in sorted(_PROGRAMS & set(arguments)):
                    yield address, f"{argument} runs a program"
                if kind == _REMOTE_STATE:
                    yield from ((address, message) for message in _remote(arguments))


def _known(kind: str, section: str) -> bool:
    return kind.partition("_")[0] in PROVIDER_SOURCES or (section == "data" and kind == _REMOTE_STATE)


def _remote(arguments: Mapping[str, Any]) -> Iterator[str]:
    if arguments.get("backend") != "s3":
        yield "states are read from S3"
    for name in sorted(set(arguments.get("config", {})) - _BACKEND):
        yield f"{name}: states are read with the credentials of the environment"
