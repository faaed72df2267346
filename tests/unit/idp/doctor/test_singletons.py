"""What an account has once, against what the deployment file says of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from config.deployment import Deployment
from config.rules.between import SINGLETONS
from idp.doctor.linked_roles import linked_roles
from idp.doctor.singletons import SPOT_ROLE, TABLE, singleton
from idp.findings import Finding
from tests.unit.idp.doctor.conftest import FakeAws, refusal

GITHUB = "https://token.actions.githubusercontent.com"


def owned(wanted: Deployment, **singletons: str) -> Deployment:
    account = wanted.account.model_copy(update=singletons)
    return wanted.model_copy(update={"account": account})


def one(aws: FakeAws, deployment: Deployment, name: str, *, deployed: bool = False) -> Finding:
    (finding,) = singleton(aws, deployment, name, deployed=deployed)
    return finding


def test_every_singleton_is_asked_but_alarms_which_have_names_of_their_own() -> None:
    assert set(TABLE) == set(SINGLETONS) - {"alarms"}


def _detector(aws: FakeAws) -> None:
    aws.client("guardduty").create_detector(Enable=True)


def _recorder(aws: FakeAws) -> None:
    role = "arn:aws:iam::123456789012:role/config"
    aws.client("config").put_configuration_recorder(ConfigurationRecorder={"name": "default", "roleARN": role})


def _github(aws: FakeAws) -> None:
    aws.client("iam").create_open_id_connect_provider(Url=GITHUB, ThumbprintList=["0" * 40])


def _spot(aws: FakeAws) -> None:
    aws.client("iam").create_role(RoleName=SPOT_ROLE, AssumeRolePolicyDocument="{}")


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("guardduty", _detector),
        ("config_recorder", _recorder),
        ("github_oidc", _github),
        ("spot_service_linked_role", _spot),
    ],
)
def test_what_aws_refuses_twice(aws: FakeAws, wanted: Deployment, name: str, make: Callable[[FakeAws], None]) -> None:
    managed, existing = owned(wanted, **{name: "managed"}), owned(wanted, **{name: "existing"})
    assert one(aws, managed, name).result == "ok"
    missing = one(aws, existing, name)
    assert missing.result == "fail"
    assert f'{SINGLETONS[name][0]} to "managed"' in missing.remedy
    make(aws)
    collision = one(aws, managed, name)
    assert collision.result == "fail"
    assert f'set {SINGLETONS[name][0]} to "existing"' in collision.remedy
    assert one(aws, existing, name).result == "ok"
    # After the apply it is the deployment's own.
    assert one(aws, managed, name, deployed=True).result == "ok"
    assert list(singleton(aws, owned(wanted, **{name: "off"}), name, deployed=False)) == []


def test_settings_of_the_registry_are_overwritten(aws: FakeAws, wanted: Deployment) -> None:
    managed = owned(wanted, ecr_registry="managed")
    assert one(aws, managed, "ecr_registry").result == "ok"
    destination = {"region": "us-east-1", "registryId": "123456789012"}
    configuration = {"rules": [{"destinations": [destination]}]}
    aws.client("ecr").put_replication_configuration(replicationConfiguration=configuration)
    found = one(aws, managed, "ecr_registry")
    assert (found.result, found.seen) == ("warn", "the apply overwrites 1 replication rules")


def test_a_password_policy_is_overwritten(aws: FakeAws, wanted: Deployment) -> None:
    aws.client("iam").update_account_password_policy(MinimumPasswordLength=8)
    found = one(aws, owned(wanted, password_policy="managed"), "password_policy")
    assert (found.result, found.seen) == ("warn", "the apply overwrites a policy of at least 8 characters")


class _Macie:
    def __init__(self, error: ClientError | None) -> None:
        self.error = error

    def get_macie_session(self) -> dict[str, Any]:
        if self.error is not None:
            raise self.error
        return {"status": "ENABLED"}


def test_macie_that_is_off_and_a_refusal_are_told_apart(aws: FakeAws, wanted: Deployment) -> None:
    managed = owned(wanted, macie="managed")
    off = refusal("AccessDeniedException", message="Macie is not enabled.")
    assert one(replace(aws, instead={"macie2": _Macie(off)}), managed, "macie").result == "ok"
    with pytest.raises(ClientError, match="no identity-based policy"):
        refused = refusal("AccessDeniedException", message="no identity-based policy allows it")
        one(replace(aws, instead={"macie2": _Macie(refused)}), managed, "macie")
    assert one(replace(aws, instead={"macie2": _Macie(None)}), managed, "macie").result == "fail"


def test_roles_that_aws_makes_itself_are_no_fault_before_the_apply(aws: FakeAws, wanted: Deployment) -> None:
    (before,) = linked_roles(aws, wanted, deployed=False)
    assert (before.result, before.seen) == (
        "ok",
        "AWS makes these when it makes the cluster, the system nodes, load balancers, the database",
    )
    (after,) = linked_roles(aws, wanted, deployed=True)
    assert after.result == "warn"
    assert "AWSServiceRoleForRDS" in after.seen


def test_spot_pools_need_spot_s_role(aws: FakeAws, wanted: Deployment) -> None:
    deployment = owned(wanted, spot_service_linked_role="off")
    (_, spot) = linked_roles(aws, deployment, deployed=False)
    assert spot.result == "fail"
    _spot(aws)
    (_, spot) = linked_roles(aws, deployment, deployed=False)
    assert spot.result == "ok"


def test_the_role_of_aws_config_is_refused_twice(aws: FakeAws, wanted: Deployment) -> None:
    deployment = owned(wanted, config_recorder="managed")
    (_, config) = linked_roles(aws, deployment, deployed=False)
    assert config.result == "ok"
    aws.client("iam").create_role(RoleName="AWSServiceRoleForConfig", AssumeRolePolicyDocument="{}")
    (_, config) = linked_roles(aws, deployment, deployed=False)
    assert config.result == "fail"
    assert "docs/POST_DEPLOYMENT.md" in config.remedy
