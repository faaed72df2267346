"""The commands of the workflows, really run from what the image holds, on sound and broken stacks and plans."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from idp.atlantis import policies
from idp.errors import OperationError
from tests.synth import Synth
from tests.unit.idp.atlantis import server_image
from tests.unit.idp.atlantis.keys import Run, ServerSide

ROOT = server_image.ROOT
STACK = "idp-account"
# How Atlantis reads the output of a policy check that isn't conftest's: by the word alone in older releases, since
# then by lines and numbers (atlantis #6018).
FAILS = re.compile(r"^FAIL|[1-9][0-9]* failures?\b", re.MULTILINE)


def commands() -> dict[str, str]:
    """Name of a policy set, or guard → its command in workflow idp."""
    text = (ROOT / "atlantis" / "repos.yaml").read_text(encoding="utf-8")
    file = ServerSide.model_validate(YAML(typ="safe", pure=True).load(text))
    workflow = file.workflows["idp"]
    checks = [step.run for step in workflow.policy_check.steps if isinstance(step, Run)]
    (guard,) = (step.run for step in workflow.plan.steps if isinstance(step, Run))
    names = ["guard", *(policy.name for policy in file.policies.policy_sets)]
    return dict(zip(names, [each if isinstance(each, str) else each.command for each in (guard, *checks)], strict=True))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return server_image.lay_out(tmp_path_factory.mktemp("image"))


@pytest.fixture
def stack(tmp_path: Path, shipped: Synth) -> Path:
    """The directory of one stack, in an output of two."""
    out = tmp_path / "cdktf.out"
    for name in (STACK, "idp-bootstrap"):
        shutil.copytree(shipped.directory / "stacks" / name, out / "stacks" / name)
    shutil.copyfile(shipped.directory / "manifest.json", out / "manifest.json")
    return out / "stacks" / STACK


def change(stack: Path, section: str, value: Any) -> None:
    file = stack / "cdk.tf.json"
    document = json.loads(file.read_text(encoding="utf-8"))
    document[section] = document.get(section, {}) | value
    file.write_text(json.dumps(document), encoding="utf-8")


def planned(stack: Path, resources: dict[str, dict[str, Any]]) -> Path:
    """The JSON of a plan that creates ``resources``, address → values."""
    split = {address: address.split(".") for address in resources}
    found = [
        {"address": address, "mode": "managed", "type": kind, "name": name, "values": resources[address]}
        for address, (kind, name) in split.items()
    ]
    changes = [
        {
            **{key: value for key, value in each.items() if key != "values"},
            "change": {"actions": ["create"], "before": None, "after": each["values"], "after_unknown": {}},
        }
        for each in found
    ]
    document = {"format_version": "1.2", "terraform_version": "1.12.6", "resource_changes": changes}
    document["planned_values"] = {"root_module": {"resources": found}}
    document["configuration"] = {"root_module": {"resources": found}}
    path = stack / "show.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_sound_json_passes_and_does_not_name_the_stack(home: Path, stack: Path) -> None:
    finished = server_image.run(commands()["guardrails"], home, stack)
    assert (finished.returncode, finished.stdout) == (0, "PASS - guardrails\n"), finished.stderr
    assert "fail" not in finished.stdout.lower()


def test_broken_json_fails_the_policy_set_and_says_why(home: Path, stack: Path) -> None:
    change(stack, "resource", {"random_password": {"database": {"length": 32}}})
    finished = server_image.run(commands()["guardrails"], home, stack)
    assert finished.returncode == 0  # of a step that ends with an error Atlantis shows nothing
    assert FAILS.search(finished.stdout)
    assert f"FAIL - guardrails - OUT-4: {STACK}: random_password.database" in finished.stdout


@pytest.mark.parametrize("policy", ["guardrails", "checkov"])
def test_a_check_that_cannot_be_made_fails_too(policy: str, home: Path, stack: Path) -> None:
    (stack / "cdk.tf.json").write_text("{")
    finished = server_image.run(commands()[policy], home, stack, {"SHOWFILE": str(stack / "gone.json")})
    assert finished.returncode == 0 and FAILS.search(finished.stdout)
    assert f"1 failure, {policy}" in finished.stdout


def test_a_plan_is_judged_by_checkov_but_for_what_the_stack_gives_reasons_for(home: Path, stack: Path) -> None:
    reason = {"checkov": {"CKV_AWS_7": "It signs, and AWS rotates no asymmetric key."}}
    keys = {"still": {"description": "x"}, "signer": {"description": "x", "//": reason}}
    change(stack, "resource", {"aws_kms_key": keys})
    values = {"description": "x", "enable_key_rotation": False, "policy": "{}"}
    show = planned(stack, {f"aws_kms_key.{name}": values for name in keys})
    finished = server_image.run(commands()["checkov"], home, stack, {"SHOWFILE": str(show)})
    assert finished.returncode == 0, finished.stderr
    assert f"FAIL - checkov - {STACK}: aws_kms_key.still: CKV_AWS_7" in finished.stdout, finished.stdout
    assert "aws_kms_key.signer" not in finished.stdout and FAILS.search(finished.stdout)


def test_a_plan_without_resources_passes(stack: Path) -> None:
    assert policies.judged(stack, planned(stack, {})) == []
    assert list(policies.report("checkov", [])) == ["PASS - checkov"]


def test_before_a_plan_sound_json_is_let_through_and_a_program_refused(home: Path, stack: Path) -> None:
    guard = commands()["guard"]
    assert server_image.run(guard, home, stack).returncode == 0
    change(stack, "data", {"external": {"shell": {"program": ["sh"]}}})
    refused = server_image.run(guard, home, stack)
    assert refused.returncode == 1 and "data.external.shell" in refused.stderr


def test_before_a_plan_a_link_among_the_stack_s_files_is_refused(stack: Path, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("secret")
    (stack / "values").mkdir(exist_ok=True)
    (stack / "values" / "x.yaml").symlink_to(tmp_path / "key")
    with pytest.raises(OperationError, match="symbolic link"):
        policies.guard(stack, "default")


def _foreign(stack: Path) -> Iterator[Path]:
    for name in (
        "evil.tf",
        "evil.tofu",
        "evil.tf.json",
        "cdk_override.tf.json",
        "terraform.tfvars",
        "x.auto.tfvars.json",
    ):
        yield stack / name


def test_before_a_plan_files_that_the_engine_would_read_beside_the_json_are_refused(stack: Path) -> None:
    for path in _foreign(stack):
        path.write_text("{}")
        with pytest.raises(OperationError, match=path.name):
            policies.guard(stack, "default")
        path.unlink()
    policies.guard(stack, "default")


def test_before_a_plan_another_workspace_is_refused(stack: Path) -> None:
    with pytest.raises(OperationError, match="'blue' isn't used"):
        policies.guard(stack, "blue")


@pytest.mark.parametrize(
    ("section", "value", "said"),
    [
        ("provider", {"aws": [{"region": "us-west-2"}]}, "allowed_account_ids"),
        (
            "provider",
            {"aws": [{"allowed_account_ids": ["111122223333"], "shared_config_files": ["x"]}]},
            "shared_config",
        ),
        ("terraform", {"backend": {"s3": {"key": "idp-bootstrap", "encrypt": True, "kms_key_id": "x"}}}, "own|name"),
        ("terraform", {"backend": {"local": {"path": "x"}}}, "S3"),
        ("resource", {"null_resource": {"x": {"provisioner": [{"local-exec": {"command": "sh"}}]}}}, "provisioner"),
        ("provider", {"kubernetes": [{"exec": [{"command": "sh", "args": []}], "host": "x"}]}, "get-token"),
    ],
)
def test_before_a_plan_other_credentials_states_and_logins_are_refused(
    section: str, value: dict[str, Any], said: str, stack: Path
) -> None:
    change(stack, section, value)
    with pytest.raises(OperationError, match=said):
        policies.guard(stack, "default")


def test_what_is_no_stack_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OperationError, match="is no stack of an output"):
        policies.guard(tmp_path, "default")
