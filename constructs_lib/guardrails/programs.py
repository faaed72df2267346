"""What the engine would run: a plan is made with credentials, of JSON that a pull request may have changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from constructs_lib.guardrails.boundaries import PROVIDER_SOURCES
from constructs_lib.guardrails.rule import Document
from constructs_lib.leaves import texts

Found = Iterator[tuple[str, str, str]]

_SECTIONS = frozenset({"//", "data", "import", "locals", "moved", "output", "provider", "resource", "terraform"})
_TERRAFORM = frozenset({"backend", "required_providers"})
# What a provider or backend may be told. The rest names endpoints, or files whose `credential_process` is a program.
_AWS = frozenset({"alias", "allowed_account_ids", "default_tags", "region"})
_BACKEND = frozenset({"bucket", "dynamodb_table", "encrypt", "key", "kms_key_id", "region", "use_lockfile"})
_CLUSTER = frozenset({"cluster_ca_certificate", "exec", "host"})
_EXEC = frozenset({"api_version", "args", "command"})
# The program of a login reads what it is told to read and sends it where it is told: every word is asked for, and its
# environment, where a file could name a `credential_process`, isn't given.
_LOGIN = re.compile(r"aws eks get-token --cluster-name \w[\w-]* --region \w[\w-]* --output json", re.ASCII)
# Arguments of resources that name programs: OpenTofu, "Provisioners"; helm provider, helm_release `postrender`; and
# what makes such a block of another name.
_PROGRAMS = frozenset({"connection", "dynamic", "postrender", "provisioner"})
# A file of the stack's own, by its whole name; any other use of a function that reads files (OpenTofu documentation,
# "Filesystem Functions"), however spaced: plans are shown, and /proc and keys are files too.
_OWN_FILE = re.compile(r'\bfile(md5)?\("\$\{path\.module\}/(charts|values)(/\w[\w.-]*)+"\)', re.ASCII)
_READS = re.compile(r"\b(file|templatefile)\w*\s*(\(|/\*|//|#)")
_REMOTE_STATE = "terraform_remote_state"


def no_programs(stacks: Mapping[str, Document]) -> Found:
    """Nothing makes the engine run programs or read from elsewhere: no provisioner, module, further provider, other
    login or file that isn't the stack's."""
    for stack, document in stacks.items():
        for section in sorted(set(document) - _SECTIONS):
            yield stack, section, "no stack has this section"
        yield from ((stack, address, message) for address, message in _settings(document))
        yield from ((stack, address, message) for address, message in _logins(document))
        yield from ((stack, address, message) for address, message in _blocks(document))
        for section, content in document.items():
            yield from ((stack, section, f"{text}: reads a file that isn't the stack's") for text in _reading(content))


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


def _logins(document: Document) -> Iterator[tuple[str, str]]:
    for name in ("helm", "kubernetes"):
        for configuration in document.get("provider", {}).get(name, []):
            access = configuration.get("kubernetes", {}) if name == "helm" else configuration
            others = set(configuration) - {"kubernetes"} if name == "helm" else set()
            for setting in sorted(others | set(access) - _CLUSTER):
                yield f"provider.{name}", f"{setting}: the cluster is all that it is told"
            login = access.get("exec", {})
            for each in login if isinstance(login, list) else [login]:
                words = [each.get("command", ""), *each.get("args", [])]
                if set(each) - _EXEC or not _LOGIN.fullmatch(" ".join(words)):
                    yield f"provider.{name}", "exec may be aws eks get-token alone, with cluster and region"


def _reading(value: Any) -> Iterator[str]:
    """The texts in ``value`` that read a file which isn't the stack's own."""
    for text in texts(value):
        if "file" in text and "{" in text and _READS.search(_OWN_FILE.sub("", text)):
            yield text


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
