"""What stacks take over: blocks of import and moved, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from config.deployment import Deployment
from config.errors import ConfigError, Problem
from constructs_lib.adoption import Rename, adoption
from constructs_lib.engine import App
from constructs_lib.stack import PlatformStack
from constructs_lib.synth import documents, render
from stacks.foundation.vpc import VpcStack

VPC = "idp-foundation-vpc"
IMPORT, MOVED = "deployment:adopt:import", "deployment:adopt:moved"
DOCUMENTS = {VPC: {"resource": {"aws_vpc": {"vpc": {}}, "aws_subnet": {"private_a": {}}}}}
Build = Callable[..., Deployment]


def taken(deployment: Deployment, *renames: Rename) -> Any:
    return adoption({VPC: deployment}, DOCUMENTS, renames)


def problem(deployment: Deployment) -> Problem:
    with pytest.raises(ConfigError) as refused:
        taken(deployment)
    (found,) = refused.value.problems
    return found


def test_a_stack_s_json_holds_its_blocks_by_address(deployment_with: Build) -> None:
    def build(app: App, which: Deployment) -> list[PlatformStack]:
        return [VpcStack(app, which)]

    adopted = deployment_with(
        {
            IMPORT: {VPC: {"aws_vpc.vpc": "vpc-0123456789abcdef0", "aws_eip.nat_us_west_2a": "eipalloc-0123456789"}},
            MOVED: {VPC: {"aws_internet_gateway.internet": "module.vpc.aws_internet_gateway.this[0]"}},
        }
    )
    plain, found = (documents(render([each], build))[VPC] for each in (deployment_with(), adopted))
    assert found.pop("import") == [
        {"to": "aws_eip.nat_us_west_2a", "id": "eipalloc-0123456789"},
        {"to": "aws_vpc.vpc", "id": "vpc-0123456789abcdef0"},
    ]
    assert found.pop("moved") == [
        {"from": "module.vpc.aws_internet_gateway.this[0]", "to": "aws_internet_gateway.internet"}
    ]
    assert found == plain
    assert "import" not in json.dumps(plain["terraform"])


def test_nothing_is_taken_over_unless_asked(deployment_with: Build) -> None:
    assert taken(deployment_with()) == {}


def test_a_release_s_rename_moves_what_an_older_one_applied(deployment_with: Build) -> None:
    rename = Rename(stack="foundation-vpc", before="aws_vpc.network", after="aws_vpc.vpc")
    assert taken(deployment_with(), rename) == {VPC: {"moved": [{"from": "aws_vpc.network", "to": "aws_vpc.vpc"}]}}


@pytest.mark.parametrize(
    "rename",
    [
        Rename(stack="foundation-*", before="aws_vpc.network", after="aws_vpc.gone"),
        Rename(stack="foundation-vpc", before="aws_subnet.private_a", after="aws_vpc.vpc"),
        Rename(stack="teams-*", before="aws_vpc.network", after="aws_vpc.vpc"),
    ],
    ids=["target not in this deployment", "source still there", "another stack"],
)
def test_a_rename_that_isn_t_of_this_stack_makes_no_block(rename: Rename, deployment_with: Build) -> None:
    assert taken(deployment_with(), rename) == {}


def test_an_unknown_stack_is_refused_with_the_likely_one(deployment_with: Build) -> None:
    found = problem(deployment_with({IMPORT: {"idp-foundation-vcp": {"aws_vpc.vpc": "vpc-0123456789abcdef0"}}}))
    assert found.key == f"{IMPORT}.idp-foundation-vcp"
    assert found.message == "is no stack of this deployment"
    assert found.remedy == f"did you mean {VPC}?"


@pytest.mark.parametrize("key", [IMPORT, MOVED])
def test_an_unknown_address_is_refused_with_the_likely_one(key: str, deployment_with: Build) -> None:
    found = problem(deployment_with({key: {VPC: {"aws_vpc.vcp": "aws_vpc.this"}}}))
    assert (found.file, found.key) == ("deployment idp", f"{key}.{VPC}.aws_vpc.vcp")
    assert found.message == f"is no resource of stack {VPC}"
    assert found.remedy == "did you mean aws_vpc.vpc?"


def test_what_is_still_there_can_t_be_moved_from(deployment_with: Build) -> None:
    found = problem(deployment_with({MOVED: {VPC: {"aws_vpc.vpc": "aws_vpc.vpc"}}}))
    assert found.message == f"is still a resource of stack {VPC}"
