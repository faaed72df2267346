"""Principal requirement 9."""

from __future__ import annotations

from constructs_lib.evidence.catalog.kinds import Principal, aws, customer, section

_CENTRES = "AWS's data centres, by its attestation of compliance in AWS Artifact; offices are the customer's."
_MEDIA = "AWS's disks and tapes, by the same attestation; what is exported or printed is the customer's."
_TERMINALS = "Card readers are the customer's, where it has any."

_MEDIA_ROWS = section(
    "9.4",
    "Media with cardholder data are stored, moved and destroyed securely",
    aws("9.4.1", "Media with cardholder data are physically secured", _MEDIA),
    aws("9.4.1.1", "Offline backups lie in a secure place", _MEDIA),
    aws("9.4.1.2", "That place is reviewed each year", _MEDIA),
    aws("9.4.2", "Media are classified by how sensitive their data is", _MEDIA),
    aws("9.4.3", "Media that leave are logged and go by traceable ways", _MEDIA),
    aws("9.4.4", "Management approves media that leave", _MEDIA),
    aws("9.4.5", "There is an inventory of electronic media", _MEDIA),
    aws("9.4.5.1", "That inventory is taken each year", _MEDIA),
    customer("9.4.6", "Paper is destroyed when no longer needed"),
    aws("9.4.7", "Electronic media are destroyed, or their data made unreadable, when no longer needed", _MEDIA),
)
_TERMINAL_ROWS = section(
    "9.5",
    "Devices that read cards are protected from being changed or exchanged",
    customer("9.5.1", "Devices are listed, inspected, and their users know what to look for", _TERMINALS),
    customer("9.5.1.1", "The list has model, place and serial number of each device", _TERMINALS),
    customer("9.5.1.2", "Their surfaces are inspected at intervals", _TERMINALS),
    customer("9.5.1.2.1", "A risk analysis says how often and how", _TERMINALS),
    customer("9.5.1.3", "Staff at the devices is trained to notice attempts", _TERMINALS),
)

PRINCIPAL = Principal(
    id="9",
    about="Physical access to cardholder data is limited",
    sections=(
        section(
            "9.1",
            "How that is done is written down and known",
            customer("9.1.1", "Policies and procedures of this requirement are written, current, used and known"),
            customer("9.1.2", "Who does what for this requirement is written, assigned and understood"),
        ),
        section(
            "9.2",
            "Entry to places with systems of the cardholder data environment is controlled",
            aws("9.2.1", "Entry controls limit who gets to the systems", _CENTRES),
            aws("9.2.1.1", "Cameras or access records watch sensitive areas, and are kept three months", _CENTRES),
            aws("9.2.2", "Public network sockets can't be used by everybody", _CENTRES),
            aws("9.2.3", "Wireless gear, cables and network hardware can't be got at", _CENTRES),
            aws("9.2.4", "Consoles in sensitive areas are locked when unused", _CENTRES),
        ),
        section(
            "9.3",
            "Entry of staff and visitors is authorized and managed",
            aws("9.3.1", "Staff's entry is authorized, told apart and withdrawn by procedures", _CENTRES),
            aws("9.3.1.1", "Entry of staff to sensitive areas follows their job and ends with it", _CENTRES),
            aws("9.3.2", "Visitors are authorized, accompanied and marked", _CENTRES),
            aws("9.3.3", "Visitors give back their badges", _CENTRES),
            aws("9.3.4", "A log of visitors is kept three months", _CENTRES),
        ),
        _MEDIA_ROWS,
        _TERMINAL_ROWS,
    ),
)
