"""Principal requirement 1."""

from __future__ import annotations

from constructs_lib.evidence.catalog.kinds import Principal, aws, customer, platform, section, shared

_RULES = section(
    "1.2",
    "Network security controls are set up by a standard and stay that way",
    shared(
        "1.2.1",
        "Rules of network security controls follow a standard that is defined, applied and kept up to date",
        "All rules are generated from the deployment file and reviewed as JSON; the customer adopts them.",
    ),
    customer("1.2.2", "Changes of connections and of rules pass change control", "By pull requests on the JSON."),
    customer(
        "1.2.3",
        "A current diagram shows the connections between the cardholder data environment and other networks",
        "docs/REACHABILITY.md and the subnet plan are material for it.",
    ),
    customer("1.2.4", "A current diagram shows how account data flows", "Flows are those of the applications."),
    shared(
        "1.2.5",
        "Each port, protocol and service that is let through is known, approved and needed",
        "Each rule says what it is for; the customer approves it.",
    ),
    shared(
        "1.2.6",
        "Where an insecure protocol or port is used, measures limit its risk",
        "None is opened by the platform; applications are the customer's.",
    ),
    customer("1.2.7", "Rules are looked through at least each six months", "The JSON is what to look through."),
    platform(
        "1.2.8",
        "The configuration of network security controls can't be changed by others, and equals what is active",
        "State is encrypted and only its roles read it; a plan shows what differs.",
    ),
)
_ENVIRONMENT = section(
    "1.3",
    "Traffic of the cardholder data environment is limited both ways",
    platform("1.3.1", "Only traffic that is needed comes into the environment, all else is refused"),
    platform("1.3.2", "Only traffic that is needed leaves the environment, all else is refused"),
    customer("1.3.3", "Wireless networks are kept off the environment by network security controls", "AWS has none."),
)
_UNTRUSTED = section(
    "1.4",
    "Connections between trusted and untrusted networks are controlled",
    platform("1.4.1", "Network security controls stand between trusted and untrusted networks"),
    platform("1.4.2", "From untrusted networks only public services and replies are reached"),
    aws(
        "1.4.3",
        "Forged source addresses are noticed and kept out",
        "A VPC delivers no packet whose source isn't its sender's; no instance here has that check off.",
    ),
    platform("1.4.4", "What stores cardholder data can't be reached from untrusted networks directly"),
    platform("1.4.5", "Internal addresses and routes are shown only to those who may know them"),
)

PRINCIPAL = Principal(
    id="1",
    about="Network security controls are installed and kept up",
    sections=(
        section(
            "1.1",
            "How that is done is written down and known",
            customer("1.1.1", "Policies and procedures of this requirement are written, current, used and known"),
            customer("1.1.2", "Who does what for this requirement is written, assigned and understood"),
        ),
        _RULES,
        _ENVIRONMENT,
        _UNTRUSTED,
        section(
            "1.5",
            "Devices that see both untrusted networks and the environment put it at no risk",
            customer("1.5.1", "Such devices carry security controls that their users can't switch off", "Its devices."),
        ),
    ),
)
