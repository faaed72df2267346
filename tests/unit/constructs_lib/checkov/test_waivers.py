"""A waiver stands beside the resource, in words, and only for what the stack holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket

from config.deployment import Deployment
from constructs_lib.checkov import Waiver, waivers
from constructs_lib.engine import App
from constructs_lib.plain import PlainStack
from constructs_lib.stack import PlatformStack
from constructs_lib.synth import canonical, documents, render

REASON = "Nobody asks for it here."
ADDRESS = "aws_s3_bucket.logs"


class Engine(PlatformStack):
    layer = "platform"
    stack = "waived"

    def __init__(self, app: App, deployment: Deployment) -> None:
        super().__init__(app, deployment)
        self.add(S3Bucket, "logs", bucket="example-logs")
        self.waive(ADDRESS, CKV_AWS_18=REASON)


class Plain(PlainStack):
    layer = "teams"
    stack = "waived"

    def __init__(self, app: App, deployment: Deployment) -> None:
        super().__init__(app, deployment)
        self.add(S3Bucket, "logs", bucket="example-logs")
        self.waive(ADDRESS, CKV_AWS_18=REASON)


@pytest.mark.parametrize("kind", [Engine, Plain])
def test_the_reason_stands_in_the_json_of_the_resource(
    kind: type[PlatformStack], deployment_with: Callable[..., Deployment]
) -> None:
    made = documents(render([deployment_with()], lambda app, deployment: [kind(app, deployment)]))
    ((stack, document),) = made.items()
    assert document["resource"]["aws_s3_bucket"]["logs"] == {
        "//": {"checkov": {"CKV_AWS_18": REASON}},
        "bucket": "example-logs",
    }
    assert waivers(made) == [Waiver(check="CKV_AWS_18", stack=stack, address=ADDRESS, reason=REASON)]


@pytest.mark.parametrize(
    ("reasons", "message"),
    [
        ({"CKV_AWS_0": REASON}, "CKV_AWS_0 isn't in constructs_lib/checkov/checks.py"),
        ({"CKV_AWS_18": "no"}, "'no' is no reason"),
    ],
)
def test_an_unknown_check_and_an_empty_reason_are_refused(
    reasons: dict[str, str], message: str, deployment_with: Callable[..., Deployment]
) -> None:
    stack = Engine(App(), deployment_with())
    with pytest.raises(ValueError, match=message):
        stack.waive("aws_s3_bucket.other", **reasons)


def test_a_check_has_one_reason(deployment_with: Callable[..., Deployment]) -> None:
    stack = Engine(App(), deployment_with())
    with pytest.raises(ValueError, match="CKV_AWS_18 has two reasons"):
        stack.waive(ADDRESS, CKV_AWS_18="Another reason, as good as the first.")


@pytest.mark.parametrize("address", ["aws_s3_bucket.gone", "data.aws_s3_bucket.logs", "aws_vpc.logs"])
def test_a_waiver_for_what_the_stack_does_not_hold_is_refused(address: str) -> None:
    document: dict[str, Any] = {"resource": {"aws_s3_bucket": {"logs": {}}}}
    with pytest.raises(ValueError, match=f"{address}: a waiver for what the stack doesn't hold"):
        canonical(json.dumps(document), reasons={address: {"CKV_AWS_18": REASON}})


def test_no_reason_leaves_no_comment(deployment_with: Callable[..., Deployment]) -> None:
    stack = Engine(App(), deployment_with())
    stack.waive("aws_s3_bucket.other")
    assert stack.waivers == {ADDRESS: {"CKV_AWS_18": REASON}}
