"""Principal requirement 6."""

from __future__ import annotations

from constructs_lib.evidence.catalog.kinds import Principal, customer, platform, section, shared

_CODE = "It is the customer's software; pipelines of the platform can carry the checks."

_DEVELOPMENT = section(
    "6.2",
    "Software of one's own is developed securely",
    customer("6.2.1", "It is developed by standards that consider security all along", _CODE),
    customer("6.2.2", "Its developers are trained each year in what their work and languages need", _CODE),
    customer("6.2.3", "Its code is reviewed before release, so that weaknesses are found and mended", _CODE),
    customer("6.2.3.1", "A review by people is done by others than the author, and approved by management", _CODE),
    customer("6.2.4", "Methods are in use that prevent common attacks on software", _CODE),
)
_VULNERABILITIES = section(
    "6.3",
    "Vulnerabilities are found and dealt with",
    shared(
        "6.3.1",
        "New vulnerabilities are learnt of from known sources, and ranked by risk",
        "Images and instances are scanned and ranked; the customer ranks those of its own code.",
    ),
    shared(
        "6.3.2",
        "There is an inventory of own software and of what others' components it holds",
        "Images lie in repositories that are scanned for what they hold; the customer adds what isn't an image.",
    ),
    shared(
        "6.3.3",
        "Patches are installed: critical and high ones within a month of their release",
        "AWS patches the database within its minor, nodes are replaced; other versions move by pull request.",
    ),
)
_PUBLIC = section(
    "6.4",
    "Public web applications are protected from attacks",
    customer("6.4.1", "They are reviewed each year, or guarded automatically", "6.4.2 took its place in March 2025."),
    platform(
        "6.4.2",
        "A guard in front of them detects and prevents attacks all the time",
        "A web ACL with AWS's rules guards public load balancers; the customer adds what an application needs.",
    ),
    customer("6.4.3", "Scripts of payment pages are authorized, unchanged and listed with a reason", _CODE),
)
_CHANGES = section(
    "6.5",
    "Changes are managed",
    shared(
        "6.5.1",
        "Changes in production follow a procedure: reason, impact, approval, tests, a way back",
        "Only images that the pipeline signed are admitted; approval is the customer's, on the pull request.",
    ),
    customer("6.5.2", "After a significant change all requirements it touches are met, and documents say so"),
    shared(
        "6.5.3",
        "Environments before production are apart from it, by access control",
        "Each deployment has an account, a VPC and a state of its own; the customer uses them so.",
    ),
    shared(
        "6.5.4",
        "Production and other environments have roles apart, so that only reviewed changes arrive",
        "Planning and applying are two roles; the customer decides who takes them.",
    ),
    customer("6.5.5", "Real card numbers are used in protected environments only"),
    customer("6.5.6", "Test data and test accounts are gone before a system goes live"),
)

PRINCIPAL = Principal(
    id="6",
    about="Systems and software are developed and kept secure",
    sections=(
        section(
            "6.1",
            "How that is done is written down and known",
            customer("6.1.1", "Policies and procedures of this requirement are written, current, used and known"),
            customer("6.1.2", "Who does what for this requirement is written, assigned and understood"),
        ),
        _DEVELOPMENT,
        _VULNERABILITIES,
        _PUBLIC,
        _CHANGES,
    ),
)
