"""The account's security services in the order in which they need each other."""

from __future__ import annotations

from constructs_lib.account.alarms import alarms
from constructs_lib.account.detection import access_analyzer, guardduty, macie, security_hub
from constructs_lib.account.findings_log import findings_log
from constructs_lib.account.logs import access_log, audit_key
from constructs_lib.account.recorder import recorder
from constructs_lib.account.trail import trail
from constructs_lib.stack import PlatformStack


def security_services(stack: PlatformStack) -> None:
    """Those that the deployment file says are ``managed`` (docs/adr/0027); Inspector is ``singletons``'."""
    key, access = audit_key(stack), access_log(stack)
    group = trail(stack, key, access)
    running = recorder(stack, key, access)
    # Before the detector, whose first scan would make the group of scans by itself.
    findings_log(stack, key)
    guardduty(stack)
    security_hub(stack, after=[running])
    access_analyzer(stack)
    macie(stack)
    alarms(stack, group)
