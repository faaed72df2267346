"""Principal requirement 3."""

from __future__ import annotations

from constructs_lib.evidence.catalog.kinds import Principal, aws, customer, platform, section, shared

_APPLICATIONS = "Applications decide what is stored; the platform stores no account data of its own."
_KMS = "AWS KMS does it inside of its modules; the platform makes keys nowhere else."

_SENSITIVE = section(
    "3.3",
    "Sensitive authentication data is not kept after authorization",
    customer("3.3.1", "It isn't kept once the authorization is done, even encrypted", _APPLICATIONS),
    customer("3.3.1.1", "All of a track is gone once the authorization is done", _APPLICATIONS),
    customer("3.3.1.2", "The card verification code is gone once the authorization is done", _APPLICATIONS),
    customer("3.3.1.3", "The PIN and its block are gone once the authorization is done", _APPLICATIONS),
    customer("3.3.2", "What is kept of it until then is strongly encrypted", _APPLICATIONS),
    customer("3.3.3", "Issuers keep only what their business needs, encrypted", _APPLICATIONS),
)
_UNREADABLE = section(
    "3.5",
    "The card number is protected wherever it is stored",
    shared(
        "3.5.1",
        "A stored card number can't be read: hashed, cut, tokenized or strongly encrypted",
        "All stores are encrypted under keys of the deployment; fields with card numbers are the application's.",
    ),
    customer("3.5.1.1", "Hashes of card numbers are keyed, over the whole number, with managed keys", _APPLICATIONS),
    customer(
        "3.5.1.2",
        "Encryption of disks or partitions alone is enough on removable media only",
        "Encrypted volumes and databases are not enough: the application encrypts the card number too.",
    ),
    aws(
        "3.5.1.3",
        "Where disks are encrypted, that access is managed apart from logins of the operating system",
        "KMS decides it by IAM and key policies, not by accounts of an operating system.",
    ),
)
_KEYS = section(
    "3.6",
    "Keys that protect stored account data are kept safe",
    shared(
        "3.6.1",
        "Procedures protect the keys from being disclosed or misused",
        "KMS holds a key for each purpose, whose policy names who uses it; procedures are the customer's.",
    ),
    customer("3.6.1.1", "Service providers describe their cryptographic architecture", "docs/CONTROLS.md lists keys."),
    platform("3.6.1.2", "Keys are kept in a secure form, as within a cryptographic device", _KMS),
    aws("3.6.1.3", "As few custodians as possible can get at parts of keys in the clear", "KMS gives out none."),
    platform("3.6.1.4", "Keys are kept in as few places as possible", _KMS),
)
_MANAGEMENT = section(
    "3.7",
    "The life of those keys is managed by procedures",
    platform("3.7.1", "Keys are generated strong", _KMS),
    aws("3.7.2", "Keys are distributed securely", "KMS distributes none: data is sent to it, or wrapped data keys."),
    platform("3.7.3", "Keys are stored securely", _KMS),
    platform("3.7.4", "Keys change at the end of a defined period", "KMS rotates each yearly."),
    shared(
        "3.7.5",
        "Keys that are weak, leaked or no longer needed are retired or replaced",
        "A key waits before it is deleted, so that it can be kept; the customer decides when.",
    ),
    aws("3.7.6", "Who handles keys in the clear does it under split knowledge and dual control", "Nobody does."),
    shared(
        "3.7.7",
        "Keys can't be replaced by those who may not",
        "Key policies name who administers and who uses a key; the customer decides who takes those roles.",
    ),
    customer("3.7.8", "Key custodians accept their duties in writing"),
    customer("3.7.9", "Service providers tell their customers how to handle shared keys"),
)

PRINCIPAL = Principal(
    id="3",
    about="Stored account data is protected",
    sections=(
        section(
            "3.1",
            "How that is done is written down and known",
            customer("3.1.1", "Policies and procedures of this requirement are written, current, used and known"),
            customer("3.1.2", "Who does what for this requirement is written, assigned and understood"),
        ),
        section(
            "3.2",
            "As little account data as possible is stored",
            customer("3.2.1", "Account data is kept no longer than needed, then deleted for good", _APPLICATIONS),
        ),
        _SENSITIVE,
        section(
            "3.4",
            "Who sees or copies a whole card number is limited",
            customer("3.4.1", "Displays mask it, but for those who need more", _APPLICATIONS),
            customer("3.4.2", "By remote access nobody copies it without a written right", "Its devices."),
        ),
        _UNREADABLE,
        _KEYS,
        _MANAGEMENT,
    ),
)
