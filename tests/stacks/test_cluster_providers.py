"""Rung 3 for the providers whose programs can't be had offline: their blocks against their own schemas."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.kubernetes.schemas import schemas
from tests.provider_schema import provider_problems, stack_problems
from tests.synth import Synth


def provider(name: str) -> Mapping[str, Any]:
    document = json.loads((schemas("providers") / f"{name}.json").read_text(encoding="utf-8"))
    found: Mapping[str, Any] = next(iter(document["provider_schemas"].values()))
    return found


def found(name: str, document: Mapping[str, Any]) -> list[str]:
    schema = provider(name)
    return [*provider_problems(schema, document, name), *stack_problems(schema, document, f"{name}_")]


@pytest.mark.parametrize("name", ["helm", "kubernetes"])
def test_every_block_is_known_to_its_provider(shipped: Synth, name: str) -> None:
    assert not [f"{stack.name}: {each}" for stack in shipped.stacks() for each in found(name, stack.document)]


@pytest.mark.parametrize("name", ["helm", "kubernetes"])
def test_some_stack_holds_the_provider(shipped: Synth, name: str) -> None:
    assert any(stack.document["provider"].get(name) for stack in shipped.stacks())


def test_a_broken_release_is_found(shipped: Synth) -> None:
    document = copy.deepcopy(dict(shipped.stack("idp-cluster-addons").document))
    document["resource"]["helm_release"]["cluster_base"] |= {"colour": "red", "values": "text", "status": "deployed"}
    del document["resource"]["helm_release"]["cluster_base"]["chart"]
    assert sorted(found("helm", document)) == [
        "helm_release.cluster_base.colour: unknown argument",
        "helm_release.cluster_base.status: is computed and can't be set",
        "helm_release.cluster_base.values: is a scalar and must be a list",
        "helm_release.cluster_base: chart is missing",
    ]


def test_the_blocks_of_the_older_provider_are_found(shipped: Synth) -> None:
    document = copy.deepcopy(dict(shipped.stack("idp-cluster-addons").document))
    helm = document["provider"]["helm"][0]
    helm["kubernetes"] = [helm["kubernetes"]]
    assert found("helm", document) == ["provider.helm[0].kubernetes: must be one object"]
