"""How use of the role for emergencies is told: by EventBridge at once, and by an alarm over the trail's log. Pure.

Sources: AWS CloudTrail User Guide, "CloudTrail userIdentity element" (sessionIssuer); Amazon EventBridge User Guide,
"Receiving read-only management events from AWS services" and "Comparison operators for use in event patterns" ($or).
"""

from __future__ import annotations

from constructs_lib.account.alarm_rules import AlarmRule
from constructs_lib.account.finding_rules import FindingRule
from constructs_lib.iam.trust import BREAK_GLASS
from constructs_lib.naming import Naming

_NAME = "break-glass-role"
_REQUIREMENTS = ("8.2.2", "10.2.1.2")


def break_glass_alarm(naming: Naming) -> AlarmRule:
    """Every call that asks for the role, refused ones too, and every call that it makes, in any region."""
    arn = naming.role_arn(BREAK_GLASS)
    asked = f'($.requestParameters.roleArn = "{arn}")'
    used = f'($.userIdentity.sessionContext.sessionIssuer.arn = "{arn}")'
    return AlarmRule(
        name=_NAME,
        cis="none",
        pattern=f"{{ {asked} || {used} }}",
        requirements=_REQUIREMENTS,
        says="Somebody asked for the role for emergencies, or used it",
    )


def break_glass_rule(naming: Naming) -> FindingRule:
    """The same, sooner, but of this region's calls alone. AssumeRole only reads, so reading calls are asked for."""
    arn = naming.role_arn(BREAK_GLASS)
    return FindingRule(
        name=_NAME,
        service="",
        pattern={
            "detail-type": ["AWS API Call via CloudTrail", "AWS Console Sign In via CloudTrail"],
            "detail": {
                "$or": [
                    {"requestParameters": {"roleArn": [arn]}},
                    {"userIdentity": {"sessionContext": {"sessionIssuer": {"arn": [arn]}}}},
                ]
            },
        },
        requirements=_REQUIREMENTS,
        says="The role for emergencies was asked for or used",
        reads=True,
    )
