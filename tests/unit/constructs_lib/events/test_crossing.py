"""What crosses: named fields of matching events, whatever else an event holds."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from config.compliance import ForwardedEvents
from config.rules.events import cardholder_data
from constructs_lib.events.crossing import ENVELOPE, paths, pattern, template
from sandbox.extension.events import transformed

GIVEN = {
    "name": "settlements",
    "source": "payments.settlement",
    "detailTypes": ["SettlementDone", "SettlementFailed"],
    "fields": ["orderId", "status"],
}
EVENT = {
    "id": "e-1",
    "source": "payments.settlement",
    "detail-type": "SettlementDone",
    "time": "2026-05-04T12:00:00Z",
    "account": "444455556666",
    "detail": {"orderId": "o-1", "status": "settled", "pan": "4111111111111111"},
}


@pytest.fixture
def events() -> ForwardedEvents:
    return ForwardedEvents.model_validate(GIVEN)


def test_the_message_holds_the_fields_and_what_says_which_event_it_was(events: ForwardedEvents) -> None:
    message = json.loads(transformed(EVENT, {"InputPathsMap": paths(events), "InputTemplate": template(events)}))
    assert message == {
        "id": "e-1",
        "source": "payments.settlement",
        "detailType": "SettlementDone",
        "time": "2026-05-04T12:00:00Z",
        "detail": {"orderId": "o-1", "status": "settled"},
    }


def test_every_variable_of_the_message_has_a_path_and_no_path_leads_elsewhere(events: ForwardedEvents) -> None:
    assert set(paths(events)) == {*ENVELOPE, "orderId", "status"}
    assert all(f"<{variable}>" in template(events) for variable in paths(events))
    assert {path for path in paths(events).values() if path.startswith("$.detail.")} == {
        "$.detail.orderId",
        "$.detail.status",
    }


def test_the_rule_asks_for_every_field(events: ForwardedEvents) -> None:
    assert json.loads(pattern(events)) == {
        "source": ["payments.settlement"],
        "detail-type": ["SettlementDone", "SettlementFailed"],
        "detail": {"orderId": [{"exists": True}], "status": [{"exists": True}]},
    }


def test_the_longest_pattern_is_one_that_event_bridge_takes() -> None:
    longest = {
        "name": "settlements",
        "source": "a" * 128,
        "detailTypes": [chr(65 + number) + "a" * 63 for number in range(10)],
        "fields": [chr(97 + number) + "x" * 62 for number in range(12)],
    }
    assert len(pattern(ForwardedEvents.model_validate(longest))) <= 2048


@pytest.mark.parametrize("field", ["detail.card", "<orderId>", "order id", "Order", "order-id", 'a"b', ""])
def test_a_field_is_one_plain_name(field: str) -> None:
    with pytest.raises(ValidationError):
        ForwardedEvents.model_validate(GIVEN | {"fields": [field]})


@pytest.mark.parametrize(
    ("field", "requirement"),
    [
        ("pan", "3.5.1"),
        ("cardNumber", "3.5.1"),
        ("maskedPan", "3.5.1"),
        ("track2Data", "3.3.1.1"),
        ("cvv2", "3.3.1.2"),
        ("securityCode", "3.3.1.2"),
        ("pinBlock", "3.3.1.3"),
        ("cardholderName", "3.2.1"),
        ("expiryDate", "3.2.1"),
    ],
)
def test_names_of_cardholder_data_are_found_with_their_requirement(field: str, requirement: str) -> None:
    found = cardholder_data(field)
    assert found is not None
    assert found[0] == requirement


@pytest.mark.parametrize("field", ["orderId", "company", "panel", "shippingAddress", "trackingId", "pinned", "cidr"])
def test_other_names_are_none(field: str) -> None:
    assert cardholder_data(field) is None
