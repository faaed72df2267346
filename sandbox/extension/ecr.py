"""ECR pull-through cache rules and repository creation templates, which moto lacks.

Source: Amazon ECR API reference, CreatePullThroughCacheRule and CreateRepositoryCreationTemplate.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.extension.application import Request, Response, answer, failure
from sandbox.extension.store import Item, Store, now

STORE = Store()
# Upstreams that AWS refuses without a secret (ECR User Guide, "Creating a pull through cache rule").
NEED_CREDENTIALS = ("registry-1.docker.io", "ghcr.io", "registry.gitlab.com")
SECRET_PREFIX = ":secret:ecr-pullthroughcache/"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """How one kind of thing is worded: key in requests, list of keys, item and list in answers, error codes."""

    key: str
    keys: str
    item: str
    items: str
    missing: str
    exists: str


RULE = Kind(
    key="ecrRepositoryPrefix",
    keys="ecrRepositoryPrefixes",
    item="",
    items="pullThroughCacheRules",
    missing="PullThroughCacheRuleNotFoundException",
    exists="PullThroughCacheRuleAlreadyExistsException",
)
TEMPLATE = Kind(
    key="prefix",
    keys="prefixes",
    item="repositoryCreationTemplate",
    items="repositoryCreationTemplates",
    missing="TemplateNotFoundException",
    exists="TemplateAlreadyExistsException",
)
KINDS: Mapping[str, Kind] = {
    "PullThroughCacheRule": RULE,
    "PullThroughCacheRules": RULE,
    "RepositoryCreationTemplate": TEMPLATE,
    "RepositoryCreationTemplates": TEMPLATE,
}


# What a registry policy may allow (Amazon ECR User Guide, "Private registry permissions"); moto lacks the import.
REGISTRY_ACTIONS = {"ecr:BatchImportUpstreamImage", "ecr:CreateRepository", "ecr:ReplicateImage"}


def patch() -> None:
    from moto.ecr.models import ECRBackend
    from moto.iam.exceptions import MalformedPolicyDocument

    def validate(self: Any, policy_text: str) -> None:
        del self
        for statement in json.loads(policy_text)["Statement"]:
            actions = statement["Action"]
            if set([actions] if isinstance(actions, str) else actions) - REGISTRY_ACTIONS:
                raise MalformedPolicyDocument()

    ECRBackend._validate_registry_policy_action = validate


def route(request: Request) -> Response | None:
    if request.service != "ecr":
        return None
    for verb in ("Create", "Describe", "Update", "Delete"):
        kind = KINDS.get(request.target.removeprefix(verb)) if request.target.startswith(verb) else None
        if kind is not None:
            return _handle(request, verb, kind)
    return None


def _handle(request: Request, verb: str, kind: Kind) -> Response:
    table = STORE.table(request, kind.items)
    body = request.json()
    if verb == "Describe":
        return _describe(request, table, kind, body.get(kind.keys))
    key = body[kind.key]
    if verb == "Create":
        refused = _refused(body) if kind is RULE else None
        if key in table:
            refused = failure(kind.exists, f"{key} exists")
        if refused:
            return refused
        table[key] = {"createdAt": now()}
    elif key not in table:
        return failure(kind.missing, f"{key} does not exist")
    item = table.pop(key) if verb == "Delete" else table[key]
    if verb != "Delete":
        item |= body | {"updatedAt": now()}
    return _shown(request, kind, item)


def _describe(request: Request, table: Mapping[str, Item], kind: Kind, keys: list[str] | None) -> Response:
    missing = [key for key in keys or () if key not in table]
    if missing:
        return failure(kind.missing, f"{', '.join(missing)} does not exist")
    items = [item | _registry(request, kind) for key, item in table.items() if keys is None or key in keys]
    return answer({kind.items: items, "registryId": request.account})


def _shown(request: Request, kind: Kind, item: Item) -> Response:
    if kind.item:
        return answer({kind.item: item, "registryId": request.account})
    return answer(item | {"registryId": request.account})


def _registry(request: Request, kind: Kind) -> Item:
    return {"registryId": request.account} if kind is RULE else {}


def _refused(body: Item) -> Response | None:
    credential = body.get("credentialArn")
    if body["upstreamRegistryUrl"] in NEED_CREDENTIALS and not credential:
        return failure("UnsupportedUpstreamRegistryException", "this upstream needs a credentialArn")
    if credential and SECRET_PREFIX not in credential:
        return failure("InvalidParameterException", "the secret's name must begin with ecr-pullthroughcache/")
    return None
