"""Tests of what the deployer may do for the account's security services: nothing where it makes none of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from config.deployment import Deployment
from constructs_lib.state.security_services import security_services
from tests.iam_evaluator import Request, allowed
from tests.iam_json import policy


def statements(deployment: Deployment) -> list[Mapping[str, Any]]:
    return [
        {
            "sid": each.sid,
            "effect": "Allow",
            "actions": list(each.actions),
            "resources": list(each.resources),
            "condition": [vars(condition) for condition in each.conditions],
        }
        for each in security_services(deployment)
    ]


def test_nothing_where_a_deployment_makes_none_of_them(deployment_with: Callable[..., Deployment]) -> None:
    assert security_services(deployment_with()) == []
    assert security_services(deployment_with({"deployment:account:cloudtrail": "existing"})) == []


def test_each_service_comes_with_its_key(deployment_with: Callable[..., Deployment]) -> None:
    found = policy(statements(deployment_with({"deployment:account:guardduty": "managed"})))
    assert allowed(Request(action="guardduty:CreateDetector", resource="*"), [found])
    assert not allowed(Request(action="cloudtrail:CreateTrail", resource="*"), [found])
    vault = policy(statements(deployment_with({"deployment:backup:vault": True})))
    assert allowed(Request(action="backup-storage:MountCapsule", resource="*"), [vault])


def test_own_roles_are_passed_to_the_services_that_take_them(deployment_with: Callable[..., Deployment]) -> None:
    found = policy(statements(deployment_with({"deployment:account:cloudtrail": "managed"})))
    role = "arn:aws:iam::111122223333:role/idp-trail"
    for resource, service, right in (
        (role, "cloudtrail.amazonaws.com", True),
        (role, "backup.amazonaws.com", False),
        ("arn:aws:iam::111122223333:role/admin", "cloudtrail.amazonaws.com", False),
    ):
        request = Request(action="iam:PassRole", resource=resource, context={"iam:PassedToService": service})
        assert allowed(request, [found]) is right
