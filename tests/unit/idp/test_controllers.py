"""Tests of the order in which a teardown takes controllers away, and of what it waits for."""

from __future__ import annotations

import graphlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import boto3
import pytest
from botocore.exceptions import ClientError

from idp.aws import Aws
from idp.controllers import POLLS, Gate, lasting
from idp.errors import OperationError
from idp.leftovers import Left, Search
from idp.output import Stack, stacks_of
from idp.walk import downwards
from tests.synth import Synth
from tests.unit.idp.output import stack

DNS, ADDONS, OTHER = stack("idp-platform-external-dns"), stack("idp-cluster-addons"), stack("idp-platform-argocd")


@pytest.mark.parametrize("deployment", ["idp", "idp-pci"])
def test_what_cleans_up_goes_after_all_that_it_cleans_up_for(shipped: Synth, deployment: str) -> None:
    stacks = [each for each in reversed(stacks_of(shipped.directory, deployment)) if not each.is_bootstrap]
    graph = lasting(downwards(stacks), stacks)
    order = list(graphlib.TopologicalSorter(graph).static_order())

    def before(early: str, late: str) -> bool:
        """Whether nothing but a circle could put them the other way round."""
        return f"{deployment}-{early}" in _waited_for(graph, f"{deployment}-{late}")

    assert len(order) == len(stacks)
    platform = [name.removeprefix(f"{deployment}-") for name in order if "-platform-" in name or "-teams-" in name]
    assert len(platform) > 10
    dns = "platform-external-dns"
    assert all(before(name, dns) for name in platform if name != dns)
    # The balancers' and volumes' controllers, and the nodes', outlive every Ingress and every claim.
    assert all(before(name, "cluster-addons") for name in platform)
    alone = {"platform-load-balancers", "platform-policies"}
    assert all(before(name, "cluster-karpenter") for name in platform if name not in alone)
    assert before("platform-policies", "platform-kyverno")
    assert before("cluster-karpenter", "cluster-addons") and before("cluster-addons", "cluster-eks")
    # The zone stays until its records are gone.
    assert before(dns, "foundation-shared")


def _waited_for(graph: object, name: str) -> set[str]:
    found: set[str] = set()
    ahead = [name]
    while ahead:
        new = set(graph[ahead.pop()]) - found  # type: ignore[index]
        found |= new
        ahead += new
    return found


@dataclass(frozen=True, kw_only=True)
class Emptying(Search):
    """Answers ``answers`` one after another, the last one for ever."""

    answers: list[list[Left]] = field(default_factory=list)

    def balancers(self) -> Iterator[Left]:
        yield from self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def volumes(self) -> Iterator[Left]:
        yield from ()

    def nodes(self) -> Iterator[Left]:
        yield from ()

    def records(self) -> Iterator[Left]:
        yield from self.balancers()


BALANCER = Left(kind="elasticloadbalancing loadbalancer", name="k8s-argocd")


def gate(answers: list[list[Left]], *, records: bool = True) -> tuple[Gate, list[float], list[str]]:
    aws = Aws(region="us-west-2", session=boto3.Session("testing", "testing"))
    search = Emptying(deployment="idp", cluster="idp-platform", domain="example.com", aws=aws, answers=answers)
    slept: list[float] = []
    lines: list[str] = []
    return Gate(search=search, report=lines.append, records=records, sleep=slept.append), slept, lines


@pytest.mark.parametrize("controller", [DNS, ADDONS], ids=lambda each: each.name)
def test_a_controller_waits_until_nothing_is_left_for_it(controller: Stack) -> None:
    made, slept, lines = gate([[BALANCER], [BALANCER], []])
    made(controller)
    assert len(slept) == 2
    assert "k8s-argocd" in lines[0]


def test_what_doesnt_go_stops_the_teardown_with_its_name_and_what_to_do() -> None:
    made, slept, _ = gate([[BALANCER]])
    with pytest.raises(OperationError, match="k8s-argocd") as caught:
        made(ADDONS)
    assert len(slept) == POLLS
    assert "kubectl get ingress" in caught.value.remedy and "--leave-behind idp" in caught.value.remedy


def test_nobody_waits_for_other_stacks_nor_for_records_that_stay() -> None:
    gate([[BALANCER]])[0](OTHER)
    gate([[BALANCER]], records=False)[0](DNS)


def test_who_may_not_look_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_search: Search) -> Iterator[Left]:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "DescribeLoadBalancers")

    made, _, _ = gate([[]])
    monkeypatch.setattr(Emptying, "balancers", refuse)
    with pytest.raises(OperationError, match="can't tell"):
        made(ADDONS)
