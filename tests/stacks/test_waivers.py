"""A reason follows the deployment: a stricter one needs none, and carries none that would be stale."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from config.deployment import Deployment
from constructs_lib.checkov import waivers
from stacks.cluster.eks import EksStack
from tests.synth import StackJson

STRICT = {
    "deployment:eks:endpointAccess": "private_only",
    "deployment:eks:publicAccessCidrs": None,
    "deployment:eks:logRetentionDays": 365,
}


@pytest.mark.parametrize(("changes", "expected"), [({}, {"CKV_AWS_39", "CKV_AWS_338"}), (STRICT, set())])
def test_a_private_cluster_with_a_year_of_logs_needs_no_reason(
    changes: dict[str, object],
    expected: set[str],
    synth_stack: Callable[..., StackJson],
    deployment_with: Callable[..., Deployment],
) -> None:
    stack = synth_stack(EksStack, deployment_with(changes))
    assert {waiver.check for waiver in waivers({stack.name: stack.document})} == expected
