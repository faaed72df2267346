"""Principal requirement 2."""

from __future__ import annotations

from constructs_lib.evidence.catalog.kinds import Principal, customer, platform, section, shared

_COMPONENTS = section(
    "2.2",
    "System components are configured and managed securely",
    shared(
        "2.2.1",
        "Configuration standards cover all components, follow accepted hardening guidance and known weaknesses",
        "Resources and nodes are generated hardened and AWS Config watches them; applications are the customer's.",
    ),
    shared(
        "2.2.2",
        "Accounts that vendors deliver are removed, switched off, or get a password of one's own",
        "None is left on in what is generated; the customer's own software is the customer's.",
    ),
    shared(
        "2.2.3",
        "Functions that need different levels of security don't weaken each other on one component",
        "Cardholder workloads have nodes of their own; the customer puts the right ones there.",
    ),
    platform("2.2.4", "Only services, protocols and functions that are needed run; others are off or removed"),
    shared(
        "2.2.5",
        "Where an insecure service is used, there is a reason, and measures that limit its risk",
        "The platform uses none: plain HTTP is redirected or refused; applications are the customer's.",
    ),
    platform("2.2.6", "Security parameters of components are set so that they can't be misused"),
    platform("2.2.7", "Administration over a network is strongly encrypted"),
)

PRINCIPAL = Principal(
    id="2",
    about="Components are configured securely",
    sections=(
        section(
            "2.1",
            "How that is done is written down and known",
            customer("2.1.1", "Policies and procedures of this requirement are written, current, used and known"),
            customer("2.1.2", "Who does what for this requirement is written, assigned and understood"),
        ),
        _COMPONENTS,
        section(
            "2.3",
            "Wireless networks are configured and managed securely",
            customer("2.3.1", "Vendors' defaults of wireless equipment are changed before use", "AWS has none."),
            customer("2.3.2", "Wireless keys change when who knew them leaves, or when they leaked", "AWS has none."),
        ),
    ),
)
