"""The path of IAM Identity Center's roles."""

from __future__ import annotations

import pytest

from config import sso

ROLE = "arn:aws:iam::111122223333:role/"
NAME = "AWSReservedSSO_AdministratorAccess_0123456789abcdef"


def test_a_role_without_path_gets_that_of_its_home_region() -> None:
    assert sso.with_path(ROLE + NAME, "eu-west-1") == f"{ROLE}aws-reserved/sso.amazonaws.com/eu-west-1/{NAME}"


def test_us_east_1_is_left_out() -> None:
    assert sso.with_path(ROLE + NAME, "us-east-1") == f"{ROLE}aws-reserved/sso.amazonaws.com/{NAME}"


@pytest.mark.parametrize(
    "path", ["admin", "teams/admin", f"aws-reserved/sso.amazonaws.com/us-west-2/{NAME}", f"x/{NAME}"]
)
def test_any_other_role_stays_as_it_is(path: str) -> None:
    assert sso.with_path(ROLE + path, "us-west-2") == ROLE + path


@pytest.mark.parametrize(
    ("path", "region", "wrong"),
    [
        ("", "us-west-2", False),
        ("aws-reserved/sso.amazonaws.com/us-west-2/", "us-west-2", False),
        ("aws-reserved/sso.amazonaws.com/us-west-2/", None, False),
        ("aws-reserved/sso.amazonaws.com/", None, False),
        ("aws-reserved/sso.amazonaws.com/", "us-east-1", False),
        ("aws-reserved/sso.amazonaws.com/", "us-west-2", True),
        ("aws-reserved/sso.amazonaws.com/us-west-2/", "eu-west-1", True),
        ("aws-reserved/sso.amazonaws.com/us-east-1/", None, True),
        ("aws-reserved/sso.amazonaws.com/us-west-2/more/", None, True),
        ("sso/", None, True),
    ],
)
def test_a_path_that_identity_center_does_not_give_is_wrong(path: str, region: str | None, wrong: bool) -> None:
    assert sso.wrong_path(ROLE + path + NAME, region) is wrong


def test_fails_for_what_is_no_role() -> None:
    with pytest.raises(ValueError, match="no ARN of an IAM role"):
        sso.account("arn:aws:iam::111122223333:user/x")
