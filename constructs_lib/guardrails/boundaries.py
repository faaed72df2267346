"""Guardrails between stacks: contracts, providers, backends."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from constructs_lib.guardrails.rule import Document, default_tags

Found = Iterator[tuple[str, str, str]]

_REMOTE_OUTPUT = re.compile(r"data\.terraform_remote_state\.([a-z0-9_]+)\.outputs\.([a-z0-9_]+)")
AWS_ONLY = frozenset({"aws"})
WITH_KUBERNETES = frozenset({"aws", "kubernetes", "helm"})
PROVIDER_SOURCES = {"aws": "hashicorp/aws", "kubernetes": "hashicorp/kubernetes", "helm": "hashicorp/helm"}


def providers_of(stack: str, layer: str) -> frozenset[str]:
    """The providers that a stack may hold: none but AWS below and in cluster-eks, whose API doesn't exist yet."""
    if layer in ("bootstrap", "foundation") or stack.endswith("-cluster-eks"):
        return AWS_ONLY
    return WITH_KUBERNETES


def no_automatic_references(stacks: Mapping[str, Document]) -> Found:
    """No cross-stack reference that the engine made by itself: values pass through contracts."""
    for stack, document in stacks.items():
        names = [*document.get("output", {}), *document.get("data", {}).get("terraform_remote_state", {})]
        for name in names:
            if "cross-stack" in name:
                yield stack, name, "automatic cross-stack reference; export a contract and read it"


def declared_remote_outputs(stacks: Mapping[str, Document]) -> Found:
    """Every attribute read from a remote state is an output of the stack that the state belongs to."""
    for stack, document in stacks.items():
        states = document.get("data", {}).get("terraform_remote_state", {})
        producers = {name: state.get("config", {}).get("key", "") for name, state in states.items()}
        for state, producer in producers.items():
            if producer not in stacks:
                yield stack, f"data.terraform_remote_state.{state}", f"no stack writes the state {producer!r}"
        for state, output in sorted(set(_REMOTE_OUTPUT.findall(json.dumps(document)))):
            declared = stacks.get(producers.get(state, ""), {}).get("output", {})
            if output not in declared:
                yield (
                    stack,
                    f"data.terraform_remote_state.{state}.outputs.{output}",
                    "its producer declares no such output",
                )


def provider_boundaries(stacks: Mapping[str, Document]) -> Found:
    """Only the layer's providers, from a named source and in a version range; the account is pinned (6.5.3)."""
    for stack, document in stacks.items():
        layer = _layer(document)
        used = set(document.get("provider", {})) | set(document.get("terraform", {}).get("required_providers", {}))
        for provider in sorted(used - providers_of(stack, layer)):
            yield stack, f"provider.{provider}", f"layer {layer} may not hold this provider"
        for provider, wanted in document.get("terraform", {}).get("required_providers", {}).items():
            if wanted.get("source") != PROVIDER_SOURCES.get(provider) or "<" not in wanted.get("version", ""):
                yield stack, f"provider.{provider}", "needs its full source and a version range with an upper bound"
        for configuration in document.get("provider", {}).get("aws", []):
            if not configuration.get("allowed_account_ids"):
                yield stack, "provider.aws", "needs allowed_account_ids"


def encrypted_state(stacks: Mapping[str, Document]) -> Found:
    """Backend and remote states name the key, encrypt, and the state's key is the stack's own name (1.2.8)."""
    for stack, document in stacks.items():
        backend = document.get("terraform", {}).get("backend", {}).get("s3", {})
        states = document.get("data", {}).get("terraform_remote_state", {})
        places = {"terraform.backend.s3": backend} | {
            f"data.terraform_remote_state.{name}": state.get("config", {}) for name, state in states.items()
        }
        for address, config in places.items():
            if not (config.get("encrypt") is True and config.get("kms_key_id")):
                yield stack, address, "must encrypt with the deployment's key"
        if backend.get("key") != stack:
            yield stack, "terraform.backend.s3", "the state's key must be the stack's name"
        if not (backend.get("dynamodb_table") or backend.get("use_lockfile")):
            yield stack, "terraform.backend.s3", "state must be locked"


def _layer(document: Document) -> str:
    return str(default_tags(document).get("layer", ""))
