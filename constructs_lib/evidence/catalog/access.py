"""Principal requirement 7."""

from __future__ import annotations

from constructs_lib.evidence.catalog.kinds import Principal, customer, platform, section, shared

PRINCIPAL = Principal(
    id="7",
    about="Components and cardholder data are open to those only who need them",
    sections=(
        section(
            "7.1",
            "How that is done is written down and known",
            customer("7.1.1", "Policies and procedures of this requirement are written, current, used and known"),
            customer("7.1.2", "Who does what for this requirement is written, assigned and understood"),
        ),
        section(
            "7.2",
            "Access is defined and assigned",
            shared(
                "7.2.1",
                "A model says who gets which access, by need, function and least privilege",
                "docs/ACCESS.md is generated from the table that makes the roles; the customer adopts it.",
            ),
            shared(
                "7.2.2",
                "Users, administrators too, get what their job needs and no more",
                "Roles hold only the rights of their row; the customer assigns people to them.",
            ),
            customer("7.2.3", "Somebody authorized approves rights"),
            customer("7.2.4", "All users' rights are reviewed each six months, and put right"),
            platform("7.2.5", "Accounts of systems and applications have the least privilege, where it is needed only"),
            customer("7.2.5.1", "Their rights are reviewed at intervals by risk", "docs/ACCESS.md lists them."),
            shared(
                "7.2.6",
                "Stored cardholder data is queried by programs with roles, and directly by administrators only",
                "Databases are reached from the cluster, by a user for each component; queries are the application's.",
            ),
        ),
        section(
            "7.3",
            "Access control systems enforce it",
            platform("7.3.1", "Access control systems cover all components and grant by need to know"),
            platform("7.3.2", "They enforce what is given to people, applications and systems by their function"),
            platform("7.3.3", "They deny whatever isn't granted"),
        ),
    ),
)
