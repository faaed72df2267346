"""The release of the policies, in Kyverno's namespace: Kyverno reads exceptions there only."""

from __future__ import annotations

from cdktf_cdktf_provider_helm.release import Release

from constructs_lib.addons.namespaces import NAMESPACES
from constructs_lib.helm.release import ReleaseProps, release
from constructs_lib.naming import address
from constructs_lib.policies.values import CHART, policies_values
from constructs_lib.stack import PlatformStack


def policies_release(stack: PlatformStack) -> Release:
    """Release ``policies``."""
    text = policies_values(stack.deployment, stack.naming)
    stack.serves(f"helm_release.{address(CHART)}", "2.2.1", "2.2.4", "2.2.6", "6.5.1")
    return release(
        stack, ReleaseProps(name=CHART, namespace=NAMESPACES["kyverno"].name, chart=CHART, local=True, values=text)
    )
