"""Rules of events that cross from one deployment's account into another's queue."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from config.deployment import Deployment
from config.rules.finding import Finding, twice

FORWARD = "deployment:events:forward"
RECEIVE = "deployment:events:receive"
# Words of a field's name → the requirement of PCI DSS v4.0.1 that its value would break outside of the cardholder data
# environment, and what the standard calls it.
_ACCOUNT = ("3.5.1", "the primary account number")
_TRACK = ("3.3.1.1", "track data")
_CODE = ("3.3.1.2", "the card verification code")
_PIN = ("3.3.1.3", "the PIN or its block")
_HOLDER = ("3.2.1", "other cardholder data")
CARDHOLDER_DATA: Mapping[str, tuple[str, str]] = {
    "pan": _ACCOUNT,
    "cardnumber": _ACCOUNT,
    "cardno": _ACCOUNT,
    "creditcard": _ACCOUNT,
    "debitcard": _ACCOUNT,
    "accountnumber": _ACCOUNT,
    "track": _TRACK,
    "magstripe": _TRACK,
    "magneticstripe": _TRACK,
    "cvv": _CODE,
    "cvc": _CODE,
    "cav": _CODE,
    "cid": _CODE,
    "csc": _CODE,
    "cardcode": _CODE,
    "securitycode": _CODE,
    "verificationcode": _CODE,
    "pin": _PIN,
    "pinblock": _PIN,
    "cardholder": _HOLDER,
    "cardexpiry": _HOLDER,
    "expirydate": _HOLDER,
    "expirationdate": _HOLDER,
    "servicecode": _HOLDER,
}
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
# Digits that only count the same thing: cvv2, track1.
_SPEAKING = re.compile(r"[a-z]+")


def cardholder_data(field: str) -> tuple[str, str] | None:
    """The requirement that forbids ``field`` outside, and what it names; None for another field.

    Compared are whole words and neighbours joined: ``cardNumber``, ``primaryPan`` and ``CVV2`` are found,
    ``company``, ``shippingAddress`` and ``trackingId`` are not.
    """
    words = [word for word in (each.lower() for each in _WORD.findall(field)) if _SPEAKING.fullmatch(word)]
    joined = [a + b for a, b in zip(words, words[1:], strict=False)]
    return next((CARDHOLDER_DATA[each] for each in (*joined, *words) if each in CARDHOLDER_DATA), None)


def parties(deployment: Deployment) -> Iterator[Finding]:
    """The other deployment is another, of another account: the boundary is what the queue is for."""
    events, own = deployment.events, deployment.platform.account
    others = [(f"{RECEIVE}[{index}]", each.deployment, each.account) for index, each in enumerate(events.receive)]
    if events.forward is not None:
        others.insert(0, (FORWARD, events.forward.deployment, events.forward.account))
    for key, name, account in others:
        if name == deployment.id:
            yield Finding(
                key=f"{key}.deployment",
                value=name,
                message="must be another deployment",
                remedy="name the other deployment's id",
            )
        if account == own:
            yield Finding(
                key=f"{key}.account",
                value=account,
                message="must be another account than platform:account: within one, a rule needs no queue of its own",
                remedy="name the other deployment's account, or remove the key",
            )
    yield from twice(RECEIVE, [each.deployment for each in events.receive], "a deployment")


def crossing(deployment: Deployment) -> Iterator[Finding]:
    """What crosses is named once, comes from an application, and is no cardholder data."""
    forward = deployment.events.forward
    if forward is None:
        return
    yield from twice(f"{FORWARD}.rules", [rule.name for rule in forward.rules], "a rule")
    for index, rule in enumerate(forward.rules):
        key = f"{FORWARD}.rules[{index}]"
        if rule.source.startswith("aws."):
            # Amazon EventBridge User Guide, "Sending events with PutEvents": reserved for AWS, and never on this bus.
            yield Finding(
                key=f"{key}.source",
                value=rule.source,
                message="must not start with aws.: events of AWS services come to the default bus only",
                remedy="name an application's source, such as payments.settlement",
            )
        yield from twice(f"{key}.detailTypes", rule.detail_types, "a detail type")
        yield from twice(f"{key}.fields", rule.fields, "a field")
        for field in rule.fields:
            found = cardholder_data(field)
            if found is not None:
                requirement, what = found
                yield Finding(
                    key=f"{key}.fields",
                    value=field,
                    message=f"must not hold {what}: PCI DSS v4.0.1 requirement {requirement}",
                    remedy="take the field out; let what crosses refer to the card by a token",
                )


DEPLOYMENT_RULES = (parties, crossing)
