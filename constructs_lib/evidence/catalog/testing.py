"""Principal requirement 11."""

from __future__ import annotations

from constructs_lib.evidence.catalog.kinds import Principal, customer, section, shared

_RADIO = "In AWS's data centres by its attestation; in offices the customer."
_TESTERS = "The customer's testers; AWS lets them test one's own resources."

_SCANS = section(
    "11.3",
    "Vulnerabilities are scanned for, ranked and dealt with",
    shared(
        "11.3.1",
        "Internal scans at least each three months, and again until high and critical ones are gone",
        "Images and instances are scanned all the time; the customer mends and adds scans of its applications.",
    ),
    customer("11.3.1.1", "Lower ones are dealt with by a risk analysis"),
    shared(
        "11.3.1.2",
        "Internal scans sign in to what they scan",
        "Inspector reads packages by an agent or from the image itself, which a login would show.",
    ),
    shared("11.3.1.3", "Internal scans follow significant changes", "New images are scanned when they are pushed."),
    customer("11.3.2", "An approved scanning vendor scans from outside each three months, until it passes"),
    customer("11.3.2.1", "Scans from outside follow significant changes"),
)
_PENETRATION = section(
    "11.4",
    "Penetration tests find what can be exploited, and it is mended",
    customer("11.4.1", "There is a method for penetration tests", _TESTERS),
    customer("11.4.2", "Tests from inside are done each year and after significant changes", _TESTERS),
    customer("11.4.3", "Tests from outside are done each year and after significant changes", _TESTERS),
    customer("11.4.4", "What is found is mended and tested again", _TESTERS),
    customer("11.4.5", "Segmentation is tested each year and after changes", "docs/REACHABILITY.md says what to test."),
    customer("11.4.6", "Service providers test segmentation each six months", _TESTERS),
    customer("11.4.7", "Multi-tenant service providers support their customers' tests", "AWS does, for its services."),
)

PRINCIPAL = Principal(
    id="11",
    about="Security is tested regularly",
    sections=(
        section(
            "11.1",
            "How that is done is written down and known",
            customer("11.1.1", "Policies and procedures of this requirement are written, current, used and known"),
            customer("11.1.2", "Who does what for this requirement is written, assigned and understood"),
        ),
        section(
            "11.2",
            "Wireless access points are known and watched",
            customer("11.2.1", "Authorized and unauthorized ones are looked for each three months", _RADIO),
            customer("11.2.2", "There is a list of authorized ones, with reasons", _RADIO),
        ),
        _SCANS,
        _PENETRATION,
        section(
            "11.5",
            "Intrusions and unexpected changes of files are noticed and answered",
            shared(
                "11.5.1",
                "Intrusion detection watches the edge and critical points of the environment, and alarms",
                "Alarms reach the customer's people, who act.",
            ),
            shared(
                "11.5.1.1",
                "Service providers notice and alarm covert channels of malware",
                "GuardDuty looks for them in flow logs and DNS queries; the customer answers.",
            ),
            shared(
                "11.5.2",
                "Changes of critical files are noticed, compared weekly at least",
                "Nodes verify their disk and processes are watched; files of applications are the customer's.",
            ),
        ),
        section(
            "11.6",
            "Changes of payment pages are noticed and answered",
            customer("11.6.1", "Headers and scripts of payment pages, as browsers get them, are checked weekly"),
        ),
    ),
)
