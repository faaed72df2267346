"""What is told of quotas before synth: what is near, beyond a default, beyond what is declared, beyond what can be."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import main
from config.deployment import Deployment
from config.errors import ConfigError, Problem
from config.loader import load
from constructs_lib.quotas.report import notices, report

ROOT = Path(__file__).resolve().parents[4]
Build = Callable[..., Deployment]
TODAY = datetime.date(2026, 11, 27)


def with_teams(deployment: Deployment, count: int) -> Deployment:
    (team,) = deployment.teams
    return deployment.model_copy(
        update={"teams": tuple(team.model_copy(update={"name": f"t{n}"}) for n in range(count))}
    )


def problem_of(deployment: Deployment) -> Problem:
    (problem,) = report([deployment]).problems
    return problem


def test_the_shipped_deployments_are_far_from_all() -> None:
    assert notices(load(ROOT / "cdktf.json")) == ()


def test_a_thousand_teams_are_told_what_to_ask_for_and_where_to_say_it(deployment_with: Build) -> None:
    found = report([with_teams(deployment_with(), 1000)])
    assert found.problems == ()
    roles, associations, rules, groups = found.warnings
    assert roles == (
        "warning: idp: Roles per account: 3032 roles, 303 % of 1000 by default; ask for 3790 in Service Quotas, "
        "iam/L-FE177D64, then say so in deployment:serviceQuotas.iam-roles; or fewer teams in one account: a second "
        "deployment in another account"
    )
    assert "4021 associations, 80 % of 5000, which nobody raises; fewer teams in one cluster" in associations
    assert "about 1000 rules" in rules
    assert "elasticloadbalancing/L-7EED9B64" in rules
    assert "Target Groups per Application Load Balancer: about 1000" in groups
    assert "nobody raises" in groups


def test_what_is_declared_as_raised_is_believed(deployment_with: Build) -> None:
    raised = deployment_with({"deployment:serviceQuotas": {"iam-roles": 5000, "load-balancer-rules": 2000}})
    found = report([with_teams(raised, 1000)])
    assert found.problems == ()
    assert [line.split(":")[2] for line in found.warnings] == [
        " Pod Identity associations per cluster",
        " Target Groups per Application Load Balancer",
    ]


def test_near_to_what_is_declared_is_told_too(deployment_with: Build) -> None:
    raised = with_teams(deployment_with({"deployment:serviceQuotas": {"iam-roles": 3100}}), 1000)
    assert "3032 roles, 97 % of 3100 by deployment:serviceQuotas; ask for 3790" in report([raised]).warnings[0]


def test_less_declared_than_needed_is_an_error(deployment_with: Build) -> None:
    problem = problem_of(with_teams(deployment_with({"deployment:serviceQuotas": {"iam-roles": 2000}}), 1000))
    assert (problem.file, problem.key, problem.value) == (
        "deployment idp",
        "deployment:serviceQuotas.iam-roles",
        "2000",
    )
    assert "3032 roles" in problem.message
    assert problem.remedy == "ask for 3790 in Service Quotas, iam/L-FE177D64, and write what AWS grants"


def test_more_than_anybody_raises_is_an_error(deployment_with: Build) -> None:
    crowded = with_teams(deployment_with(), 1300)
    problem = problem_of(crowded)
    assert (problem.key, problem.value) == ("deployment:teams", "1300 teams")
    assert "needs 5221 associations, and Pod Identity associations per cluster are 5000 at most" in problem.message
    assert "Amazon EKS User Guide" in problem.message
    assert "2026-11-27" in problem.message
    assert "a second deployment" in problem.remedy
    with pytest.raises(ConfigError, match="5221 associations"):
        notices([crowded])


def test_a_request_stays_within_what_aws_grants(deployment_with: Build) -> None:
    many = with_teams(deployment_with({"deployment:components": {}}), 1400)
    roles = [f"arn:aws:iam::111122223333:role/person-{number:03}" for number in range(180)]
    (team,) = deployment_with().teams
    trusted = many.model_copy(update={"teams": (team.model_copy(update={"developer_roles": tuple(roles)}),)})
    (line,) = report([trusted]).warnings
    assert "Role trust policy length" in line
    assert "ask for 8192 in Service Quotas, iam/L-C07B4B0D (AWS grants 8192 without a support case)" in line


def test_deployments_of_one_account_share_its_quotas(deployment_with: Build) -> None:
    first = deployment_with()
    others = [first.model_copy(update={"id": f"idp-{number}"}) for number in range(3)]
    (near, *_) = [line for line in report([first, *others]).warnings if "VPCs per Region" in line]
    assert near.startswith("warning: idp, idp-0, idp-1, idp-2: VPCs per Region: 4 VPCs, 80 % of 5 by default")
    elsewhere = first.platform.model_copy(update={"region": "eu-central-1"})
    apart = [each.model_copy(update={"platform": elsewhere}) for each in others]
    assert not [line for line in report([first, *apart]).warnings if "VPCs" in line]
    many = [with_teams(each, 100) for each in [first, *apart]]
    (roles,) = [line for line in report(many).warnings if "Roles per account" in line]
    # Roles are the account's, whatever the region.
    assert "1328 roles" in roles


def test_vcpu_are_judged_where_the_file_says_what_the_account_has(deployment_with: Build) -> None:
    assert not [line for line in notices([deployment_with()]) if "vCPU" in line]
    problem = problem_of(deployment_with({"deployment:serviceQuotas": {"on-demand-vcpu": 5}}))
    assert problem.message == "is less than what is needed: 108 vCPU at the pools' limits"


def test_many_ranges_fill_a_security_group(deployment_with: Build) -> None:
    ranges = [f"203.0.113.{number}/32" for number in range(31)]
    (line,) = notices([deployment_with({"deployment:ingress:publicCidrs": ranges})])
    assert "62 rules of one direction of one group, 103 % of 60 by default" in line
    assert "vpc/L-0EA8095F" in line


def test_a_deployment_asks_for_no_more_than_aws_grants(deployment_with: Build) -> None:
    with pytest.raises(ConfigError) as refused:
        deployment_with({"deployment:serviceQuotas": {"iam-roles": 20_000}})
    (problem,) = refused.value.problems
    assert problem.key == "deployment:serviceQuotas.iam-roles"
    assert problem.message.startswith("must be 10000 or less")


def test_a_name_that_is_none_is_told_with_the_likely_one(deployment_with: Build) -> None:
    with pytest.raises(ConfigError) as refused:
        deployment_with({"deployment:serviceQuotas": {"iam-role": 5000}})
    (problem,) = refused.value.problems
    assert (problem.key, problem.remedy) == ("deployment:serviceQuotas.iam-role", "did you mean iam-roles?")


def configured(tmp_path: Path, context: dict[str, Any], **changes: Any) -> Path:
    path = tmp_path / "cdktf.json"
    path.write_text(json.dumps({"context": context | changes}), encoding="utf-8")
    return path


def test_synth_warns_and_goes_on(
    tmp_path: Path, shipped_context: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(main, "_written", lambda *_arguments: 0)
    ranges = {"deployment:ingress:publicCidrs": [f"203.0.113.{number}/32" for number in range(25)]}
    assert main.synth(configured(tmp_path, shipped_context, **ranges), tmp_path / "out", TODAY) == 0
    assert capsys.readouterr().err.startswith("warning: idp: Inbound or outbound rules per security group: 50 rules")


def test_synth_refuses_what_cannot_be_applied_and_writes_nothing(
    tmp_path: Path, shipped_context: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    few = {"deployment:serviceQuotas": {"on-demand-vcpu": 5}}
    assert main.synth(configured(tmp_path, shipped_context, **few), tmp_path / "out", TODAY) == 2
    told = capsys.readouterr().err
    assert told.startswith("deployment idp: deployment:serviceQuotas.on-demand-vcpu (given: 5): is less than what")
    assert "remedy: ask for 135 in Service Quotas, ec2/L-1216C47A" in told
    assert not (tmp_path / "out").exists()
