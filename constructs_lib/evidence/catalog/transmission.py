"""Principal requirement 4."""

from __future__ import annotations

from constructs_lib.evidence.catalog.kinds import Principal, customer, platform, section, shared

PRINCIPAL = Principal(
    id="4",
    about="Cardholder data is strongly encrypted on open, public networks",
    sections=(
        section(
            "4.1",
            "How that is done is written down and known",
            customer("4.1.1", "Policies and procedures of this requirement are written, current, used and known"),
            customer("4.1.2", "Who does what for this requirement is written, assigned and understood"),
        ),
        section(
            "4.2",
            "The card number is strongly encrypted on its way",
            platform(
                "4.2.1",
                "Trusted, valid certificates, secure versions and strong ciphers carry it over public networks",
            ),
            shared(
                "4.2.1.1",
                "There is an inventory of the keys and certificates that protect it on its way",
                "ACM and cert-manager list what they issue; the customer adds those of its applications.",
            ),
            customer("4.2.1.2", "Wireless networks that carry it follow industry practice", "AWS has none."),
            customer("4.2.2", "Sent by messengers of end users it is strongly encrypted"),
        ),
    ),
)
