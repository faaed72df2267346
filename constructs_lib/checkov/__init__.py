"""What checkov asks that doesn't apply to a resource, and why. Pure: imports no engine.

A construct says it where it makes the resource (``PlatformStack.waive``); the reason stands in the resource's JSON, as
Terraform's comment ``//``, and on the generated page docs/CHECKOV.md.
"""

from constructs_lib.checkov.reasons import rotated_by, short_retention
from constructs_lib.checkov.waivers import Reasons, Waiver, refusals, waivers, with_waivers

__all__ = ["Reasons", "Waiver", "refusals", "rotated_by", "short_retention", "waivers", "with_waivers"]
