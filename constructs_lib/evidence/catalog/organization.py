"""Principal requirement 12."""

from __future__ import annotations

from constructs_lib.evidence.catalog.kinds import Principal, customer, section, shared

_PROVIDERS = "AWS is one: its attestation and its matrix of responsibilities are in AWS Artifact."

_RISKS = section(
    "12.3",
    "Risks to the cardholder data environment are known and managed",
    customer("12.3.1", "Where a requirement leaves how often open, a written risk analysis says it"),
    customer("12.3.2", "Each requirement met in another way than defined has a risk analysis of its own"),
    customer("12.3.3", "Ciphers and protocols in use are listed and reviewed each year", "Material: docs/CONTROLS.md."),
    customer("12.3.4", "Hardware and software in use is reviewed each year", "Material: docs/COMPONENTS.md."),
)
_SCOPE = section(
    "12.5",
    "The scope is written down and confirmed",
    shared(
        "12.5.1",
        "There is a current inventory of the components in scope, and what they are for",
        "AWS Config and the evidence list resources; the customer adds what it runs on them.",
    ),
    customer("12.5.2", "The scope is confirmed each year and after significant changes"),
    customer("12.5.2.1", "Service providers confirm it each six months"),
    customer("12.5.3", "Service providers review the scope after changes of their organization"),
)
_INCIDENTS = section(
    "12.10",
    "Incidents are answered at once",
    shared(
        "12.10.1",
        "A plan for incidents exists: roles, contacts, procedures, recovery, backups, duties to report",
        "The platform keeps backups that can't be deleted, and docs/RESTORE.md; the plan is the customer's.",
    ),
    customer("12.10.2", "The plan is reviewed and tested each year"),
    customer("12.10.3", "Named people are on call day and night"),
    customer("12.10.4", "Who answers incidents is trained"),
    customer("12.10.4.1", "A risk analysis says how often"),
    shared(
        "12.10.5",
        "The plan covers alarms of the security monitoring",
        "The platform raises them, to a topic; how they are answered is the customer's plan.",
    ),
    customer("12.10.6", "The plan is improved by what is learnt"),
    customer("12.10.7", "Procedures start when card numbers are found where none should be", "Macie looks, where on."),
)

PRINCIPAL = Principal(
    id="12",
    about="The organization supports security by policies and programs",
    sections=(
        section(
            "12.1",
            "A security policy governs and guides",
            customer("12.1.1", "It is published and known to staff, vendors and partners"),
            customer("12.1.2", "It is reviewed each year and after changes of risk"),
            customer("12.1.3", "It says everybody's duties, and everybody accepts theirs"),
            customer("12.1.4", "Somebody of the management is responsible for security"),
        ),
        section(
            "12.2",
            "Use of end-user technology is governed",
            customer("12.2.1", "Acceptable use, and what is approved, are written down"),
        ),
        _RISKS,
        section(
            "12.4",
            "Compliance with the standard is managed",
            customer("12.4.1", "Management of service providers is responsible for it"),
            customer("12.4.2", "Service providers review each three months that tasks are done by procedure"),
            customer("12.4.2.1", "Those reviews are written down"),
        ),
        _SCOPE,
        section(
            "12.6",
            "Security awareness goes on",
            customer("12.6.1", "A program makes all staff aware of the policy and their part"),
            customer("12.6.2", "It is reviewed each year"),
            customer("12.6.3", "Staff is trained when hired and each year, in several ways"),
            customer("12.6.3.1", "Training covers what threatens the environment, as phishing"),
            customer("12.6.3.2", "Training covers acceptable use of end-user technology"),
        ),
        section(
            "12.7",
            "Staff is screened",
            customer("12.7.1", "Who gets access to the environment is screened before, as law allows"),
        ),
        section(
            "12.8",
            "Risk of third-party service providers is managed",
            customer("12.8.1", "There is a list of them and of what they do", _PROVIDERS),
            customer("12.8.2", "They accept their responsibility in writing", _PROVIDERS),
            customer("12.8.3", "They are examined before they are engaged", _PROVIDERS),
            customer("12.8.4", "Their compliance is watched each year", _PROVIDERS),
            customer("12.8.5", "Who meets which requirement is written down", _PROVIDERS + " The catalog is material."),
        ),
        section(
            "12.9",
            "Service providers support their customers' compliance",
            customer("12.9.1", "Service providers accept their responsibility to customers in writing"),
            customer("12.9.2", "They tell customers their status and who meets which requirement"),
        ),
        _INCIDENTS,
    ),
)
