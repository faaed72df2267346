"""Principal requirement 8."""

from __future__ import annotations

from constructs_lib.evidence.catalog.kinds import Principal, customer, platform, section, shared

_SSO = "People sign in by the customer's identity provider; the platform makes no user."

_USERS = section(
    "8.2",
    "Users are identified, and their accounts managed from first to last day",
    shared("8.2.1", "Each user has an id of their own before any access", "Sessions carry the user's name. " + _SSO),
    shared(
        "8.2.2",
        "Accounts of several people are an exception: limited, approved, and traceable to a person",
        "No key or password is shared: roles are assumed, by name. " + _SSO,
    ),
    customer("8.2.3", "Service providers use another factor for each customer that they reach"),
    customer("8.2.4", "Adding, changing and removing ids and factors is approved", _SSO),
    customer("8.2.5", "Who leaves loses access at once", _SSO),
    customer("8.2.6", "Accounts unused for 90 days are removed or switched off", _SSO),
    customer("8.2.7", "Third parties get remote access for as long as needed, and are watched", _SSO),
    shared(
        "8.2.8",
        "After fifteen idle minutes users authenticate anew",
        "Sessions of the access host end then; other sessions are the customer's.",
    ),
)
_FACTORS = section(
    "8.3",
    "Users and administrators are authenticated strongly",
    customer("8.3.1", "Each access needs a factor: something known, held, or of one's body", _SSO),
    platform("8.3.2", "Factors are strongly encrypted, stored and on their way"),
    customer("8.3.3", "Who asks for a new factor is identified first", _SSO),
    customer("8.3.4", "Ten wrong attempts lock an account, for half an hour or until it is identified", _SSO),
    customer("8.3.5", "First and reset passwords are unique and changed at first use", _SSO),
    shared(
        "8.3.6",
        "Passwords have twelve characters or more, digits and letters",
        "Set for the account's IAM users, of which the platform makes none; SSO's are the customer's.",
    ),
    shared("8.3.7", "None of the last four passwords is taken again", "Set for IAM users; SSO's are the customer's."),
    customer("8.3.8", "Users are told the rules for their factors"),
    shared(
        "8.3.9",
        "Passwords that are the only factor change each 90 days, or risk is judged at each access",
        "Set for IAM users; SSO's are the customer's.",
    ),
    customer("8.3.10", "Service providers tell their customers when to change passwords"),
    customer("8.3.10.1", "Passwords of a service provider's customers change each 90 days, or risk is judged"),
    customer("8.3.11", "Tokens, cards and certificates belong to one person, who alone can use them", _SSO),
)

PRINCIPAL = Principal(
    id="8",
    about="Users are identified and access is authenticated",
    sections=(
        section(
            "8.1",
            "How that is done is written down and known",
            customer("8.1.1", "Policies and procedures of this requirement are written, current, used and known"),
            customer("8.1.2", "Who does what for this requirement is written, assigned and understood"),
        ),
        _USERS,
        _FACTORS,
        section(
            "8.4",
            "Several factors secure access to the cardholder data environment",
            customer("8.4.1", "Administrators' access over a network needs them", _SSO),
            customer("8.4.2", "All access over a network needs them", _SSO),
            customer("8.4.3", "Remote access from outside of the customer's network needs them", _SSO),
        ),
        section(
            "8.5",
            "Multi-factor systems can't be misused",
            customer("8.5.1", "They stand replays, can't be passed by, and use two kinds of factors", _SSO),
        ),
        section(
            "8.6",
            "Accounts of applications and systems, and their factors, are managed",
            shared(
                "8.6.1",
                "Where people can sign in as a system, that is an approved exception, traceable to a person",
                "Workloads assume roles by EKS Pod Identity, which no person can; the customer's own are its own.",
            ),
            platform("8.6.2", "Their passwords stand in no script, file or source"),
            shared(
                "8.6.3",
                "Their passwords change by risk, and are as complex as their interval needs",
                "The database's are generated and rotated; those that a person writes are the customer's.",
            ),
        ),
    ),
)
