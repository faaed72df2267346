"""Principal requirement 10."""

from __future__ import annotations

from constructs_lib.evidence.catalog.kinds import Principal, aws, customer, platform, section, shared

_OWN = "Of AWS, the cluster and the database; the applications' own are the customer's."

_RECORDED = section(
    "10.2",
    "Audit logs help to find what is unusual and to reconstruct what happened",
    shared("10.2.1", "Audit logs are on for all components and for cardholder data", _OWN),
    shared("10.2.1.1", "They record each person's access to cardholder data", _OWN),
    shared("10.2.1.2", "They record all that is done with administrative access", _OWN),
    shared("10.2.1.3", "They record access to audit logs", _OWN),
    shared("10.2.1.4", "They record refused attempts", _OWN),
    shared("10.2.1.5", "They record changes of accounts, rights and credentials", _OWN),
    shared("10.2.1.6", "They record when audit logs begin, stop or pause", _OWN),
    shared("10.2.1.7", "They record what system-level objects are made and deleted", _OWN),
    shared("10.2.2", "Each record says who, what, when, whether it went well, from where, and on what", _OWN),
)
_PROTECTED = section(
    "10.3",
    "Audit logs are safe from deletion and change",
    platform("10.3.1", "Only those read them whose job needs it"),
    platform("10.3.2", "Nobody can change them"),
    platform("10.3.3", "They get to a central place soon that is hard to change"),
    platform("10.3.4", "A change in written logs is noticed"),
)
_REVIEWED = section(
    "10.4",
    "Audit logs are reviewed",
    shared("10.4.1", "Security events and logs of critical components are seen daily", "By people of the customer."),
    platform("10.4.1.1", "That review is automated"),
    customer("10.4.2", "Logs of other components are reviewed at intervals"),
    customer("10.4.2.1", "A risk analysis says how often"),
    customer("10.4.3", "What is found is dealt with", "Alarms reach the customer's people, who act."),
)
_FAILURES = section(
    "10.7",
    "Failures of critical security controls are noticed and answered soon",
    customer("10.7.1", "Service providers notice and report them; replaced by 10.7.2 in March 2025"),
    shared("10.7.2", "They are noticed, alarmed and answered", "Alarms reach the customer's people, who act."),
    customer("10.7.3", "They are answered: restored, documented, their cause mended"),
)

PRINCIPAL = Principal(
    id="10",
    about="Access to components and cardholder data is logged and watched",
    sections=(
        section(
            "10.1",
            "How that is done is written down and known",
            customer("10.1.1", "Policies and procedures of this requirement are written, current, used and known"),
            customer("10.1.2", "Who does what for this requirement is written, assigned and understood"),
        ),
        _RECORDED,
        _PROTECTED,
        _REVIEWED,
        section(
            "10.5",
            "History of audit logs is there for analysis",
            platform("10.5.1", "Twelve months are kept, three of them at hand"),
        ),
        section(
            "10.6",
            "Clocks agree",
            aws("10.6.1", "Clocks are synchronized", "Hosts take the time of Amazon Time Sync."),
            aws("10.6.2", "They follow designated servers with a time from outside", "Amazon Time Sync."),
            aws(
                "10.6.3",
                "Time settings are protected, and changes logged",
                "Nobody signs in to nodes to set it.",
            ),
        ),
        _FAILURES,
    ),
)
