"""Credentials, secrets, tools; and how findings become a table, JSON and an exit code."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from rich.console import Console

from config.deployment import Deployment
from idp.doctor.credentials import credentials
from idp.doctor.examination import Patient, examine, is_deployed
from idp.doctor.images import images
from idp.doctor.programs import programs
from idp.doctor.secrets import secrets
from idp.findings import Finding, Unseen, as_json, exit_code, fail, ok, run, show, warn
from idp.programs import Printed
from idp.programs import run as run_program
from tests.unit.idp.doctor.conftest import FakeAws, refusal

GOOD: Mapping[str, str] = {
    "node": "v24.11.0\n",
    "tofu": "OpenTofu v1.12.6\non linux_amd64\n",
    "aws": "aws-cli/2.27.1 Python/3.13.2 Linux/6.1\n",
    "kubectl": "Client Version: v1.34.2\nKustomize Version: v5.7.1\n",
    "helm": "v3.20.2+g8fb76d6\n",
}


def printed(said: Mapping[str, str], version: str = "1.34") -> dict[str, Finding]:
    def stub(command: Sequence[str], given: str = "", environment: Mapping[str, str] | None = None) -> Printed:
        del given, environment
        name = Path(command[0]).name
        return Printed(code=0, out=said[name]) if name in said else Printed(code=None)

    found = programs(stub, engine=Path("tofu") if "tofu" in said else None, kubernetes=version)
    return {finding.check: finding for finding in found}


def test_tools_that_will_do() -> None:
    found = printed(GOOD)
    assert {finding.result for finding in found.values()} == {"ok"}
    assert found["tools: aws"].seen == "2.27.1"
    assert found["tools: engine"].seen == "tofu 1.12.6"


@pytest.mark.parametrize(
    ("name", "said", "check", "result"),
    [
        ("tofu", "OpenTofu v1.9.1\n", "engine", "fail"),
        ("aws", "aws-cli/2.12.2 Python/3.11\n", "aws", "fail"),
        ("aws", "aws-cli/1.27.159 Python/3.11\n", "aws", "fail"),
        ("kubectl", "Client Version: v1.32.4\n", "kubectl", "fail"),
        ("helm", "v4.0.0+gabc\n", "helm", "warn"),
        ("node", "v18.20.0\n", "node", "fail"),
    ],
)
def test_tools_that_are_too_old_or_too_new(name: str, said: str, check: str, result: str) -> None:
    finding = printed({**GOOD, name: said})[f"tools: {check}"]
    assert finding.result == result
    assert finding.remedy


def test_tools_that_are_missing() -> None:
    found = printed({})
    assert {f"tools: {name}" for name in ("node", "engine", "aws", "kubectl")} <= {
        check for check, finding in found.items() if finding.result == "fail"
    }
    # Nothing but people needs it.
    assert found["tools: helm"].result == "ok"


def test_a_program_that_is_not_there() -> None:
    assert run_program(["/nonexistent/program"]).code is None


class _Caller:
    def __init__(self, account: str, refused: Sequence[str] = ()) -> None:
        self.account, self.refused = account, refused

    def get_caller_identity(self) -> dict[str, str]:
        return {"Account": self.account, "Arn": f"arn:aws:sts::{self.account}:assumed-role/admin/me"}

    def assume_role(self, *, RoleArn: str, RoleSessionName: str, DurationSeconds: int) -> dict[str, str]:  # noqa: N803
        del RoleSessionName, DurationSeconds
        if RoleArn.rpartition("-")[2] in self.refused:
            raise refusal("AccessDenied", "AssumeRole")
        return {}


def as_caller(aws: FakeAws, account: str, refused: Sequence[str] = ()) -> FakeAws:
    return replace(aws, instead={**aws.instead, "sts": _Caller(account, refused)})


def test_the_account_has_to_be_the_deployment_s(aws: FakeAws, wanted: Deployment) -> None:
    (good,) = credentials(as_caller(aws, "111122223333"), wanted, deployed=False)
    assert good.result == "ok"
    (bad,) = credentials(as_caller(aws, "444455556666"), wanted, deployed=True)
    assert bad.result == "fail"
    assert "in account 444455556666, not in 111122223333" in bad.seen


def test_who_may_not_deploy_is_told(aws: FakeAws, wanted: Deployment) -> None:
    caller = as_caller(aws, "111122223333", ["deployer"])
    _, deployer, planner = credentials(caller, wanted, deployed=True)
    assert (deployer.result, planner.result) == ("warn", "ok")
    assert "arn:aws:iam::111122223333:role/idp-deployer" in deployer.seen


def test_in_a_wrong_account_nothing_else_is_asked(aws: FakeAws, wanted: Deployment) -> None:
    patient = Patient(
        deployment=wanted,
        aws=as_caller(aws, "444455556666"),
        engine=None,
        run=lambda _command, _given="", _environment=None: Printed(code=None),
    )
    found = {finding.check: finding.result for finding in examine(patient, deployed=False)}
    assert (found["credentials: account"], found["account"]) == ("fail", "unknown")
    assert not any(check.startswith("quota") for check in found)


@pytest.mark.parametrize("deployed", [False, True])
def test_every_area_is_asked_in_a_whole_examination(aws: FakeAws, wanted: Deployment, deployed: bool) -> None:
    patient = Patient(
        deployment=wanted,
        aws=as_caller(aws, "111122223333"),
        engine=None,
        run=lambda _command, _given="", _environment=None: Printed(code=None),
        parent=lambda _domain: frozenset(),
    )
    found = list(examine(patient, deployed=deployed))
    areas = {finding.check.partition(":")[0] for finding in found}
    assert areas == {"tools", "credentials", "account", "quota", "dns"} | ({"secret", "image"} if deployed else set())
    # The library's account has another number, and refuses what is asked of this one.
    unseen = [finding.check for finding in found if finding.result == "unknown"]
    assert unseen == ["account: s3 public access block"]
    assert len({finding.check for finding in found}) == len(found)


def test_secrets_without_a_value_are_named_and_never_read(aws: FakeAws, wanted: Deployment) -> None:
    client = aws.client("secretsmanager")
    missing = {finding.check: finding for finding in secrets(aws, wanted)}
    assert missing["secret: /idp/oauth/argocd"].seen == "there is no such secret"
    for check in missing:
        client.create_secret(Name=check.removeprefix("secret: "))
    empty = {finding.check: finding for finding in secrets(aws, wanted)}
    assert (empty["secret: /idp/oauth/argocd"].result, empty["secret: /idp/db/backstage"].result) == ("fail", "warn")
    assert "docs/POST_DEPLOYMENT.md" in empty["secret: /idp/oauth/argocd"].remedy
    assert "idp-platform-database-bootstrap" in empty["secret: /idp/db/backstage"].remedy
    # Images come without the cache's login, too.
    assert empty["secret: ecr-pullthroughcache/github"].result == "warn"
    client.put_secret_value(SecretId="/idp/oauth/argocd", SecretString='{"client-secret": "hush"}')
    found = {finding.check: finding for finding in secrets(aws, wanted)}
    assert found["secret: /idp/oauth/argocd"].result == "ok"
    assert "hush" not in as_json(list(found.values()))


class _Registry:
    """In place of ECR: repository → tags."""

    def __init__(self, there: Mapping[str, Sequence[str]]) -> None:
        self.there = there

    def describe_images(
        self,
        *,
        registryId: str,
        repositoryName: str,
        imageIds: Sequence[Mapping[str, str]],  # noqa: N803
    ) -> dict[str, str]:
        assert registryId == "111122223333"
        if repositoryName not in self.there:
            raise refusal("RepositoryNotFoundException")
        if imageIds[0]["imageTag"] not in self.there[repositoryName]:
            raise refusal("ImageNotFoundException")
        return {}


def test_images_have_to_be_pushed(aws: FakeAws, wanted: Deployment) -> None:
    def asked(there: Mapping[str, Sequence[str]]) -> dict[str, Finding]:
        found = images(replace(aws, instead={"ecr": _Registry(there)}), wanted)
        return {finding.check.removeprefix("image: "): finding for finding in found}

    missing = asked({})
    assert {finding.seen for finding in missing.values()} == {"there is no such repository"}
    assert "platform/backstage:v1" in missing
    repositories = [path.rpartition(":")[0] for path in missing]
    assert {finding.seen for finding in asked(dict.fromkeys(repositories, ["v0"])).values()} == {"isn't there"}
    pushed = asked({path.rpartition(":")[0]: [path.rpartition(":")[2]] for path in missing})
    assert {finding.result for finding in pushed.values()} == {"ok"}


def test_a_deployment_is_there_with_its_state_s_bucket(aws: FakeAws, wanted: Deployment) -> None:
    assert not is_deployed(aws, wanted)
    bucket = "idp-tfstate-example-org-111122223333-us-west-2"
    aws.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    assert is_deployed(aws, wanted)


def _refused() -> list[Finding]:
    raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "DescribeVpcs")


def _unseen() -> list[Finding]:
    raise Unseen("nobody answers")


def test_what_cannot_be_asked_is_unknown_and_the_rest_goes_on() -> None:
    found = list(run({"a": _refused, "b": _unseen, "c": lambda: [ok("c", "well")]}))
    assert [(finding.check, finding.result) for finding in found] == [("a", "unknown"), ("b", "unknown"), ("c", "ok")]
    assert found[0].seen == "DescribeVpcs: AccessDenied: no"


@pytest.mark.parametrize(
    ("results", "strict", "code"),
    [
        ([], False, 0),
        (["ok", "warn"], False, 0),
        (["ok", "warn"], True, 2),
        (["ok", "fail"], False, 2),
        (["unknown"], False, 2),
    ],
)
def test_exit_codes(results: list[str], strict: bool, code: int) -> None:
    findings = [Finding(check="x", result=result, seen="") for result in results]  # type: ignore[arg-type]
    assert exit_code(findings, strict=strict) == code


def test_the_table_and_the_json_say_the_same() -> None:
    findings = [ok("a: b", "fine"), warn("c: d", "[so] so", "do this"), fail("e: f", "bad", "do that")]
    console = Console(width=120, record=True, file=Path("/dev/null").open("w"))  # noqa: SIM115
    show(findings, "title", console)
    text = console.export_text()
    assert "[so] so" in text
    assert "→ do that" in text
    assert "1 ok, 1 warn, 1 fail" in text
    parsed = json.loads(as_json(findings, deployment="idp"))
    assert parsed["deployment"] == "idp"
    assert [each["result"] for each in parsed["findings"]] == ["ok", "warn", "fail"]
