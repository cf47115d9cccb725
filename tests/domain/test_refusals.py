"""Reasons are words that the web translates: unique, sorted, and derived from their names."""

import pytest

from portal.domain.refusals import Reason, Refusal


def test_reasons_are_sorted_and_spelled_like_their_names():
    values = [reason.value for reason in Reason]
    assert values == sorted(values)
    assert values == [reason.name.lower().replace("_", "-") for reason in Reason]


def test_a_refusal_carries_its_reason_field_and_facts():
    with pytest.raises(Refusal) as caught:
        raise Refusal(Reason.BALANCE_TOO_LOW, field="end_date", missing=500)
    assert caught.value.reason is Reason.BALANCE_TOO_LOW
    assert caught.value.field == "end_date"
    assert caught.value.details == {"missing": 500}
    assert str(caught.value) == "balance-too-low"
