"""Which domains may be claimed, and when a proof has lapsed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.email_domains import (
    GRACE,
    PATIENCE,
    RECHECK_AFTER,
    Finding,
    Step,
    bare,
    checked,
    finding,
    is_due,
    next_step,
    record_name,
    record_value,
)
from portal.domain.refusals import Reason, Refusal

NOW = datetime(2026, 6, 15, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("acme.com", "acme.com"),
        ("  @acme.com. ", "acme.com"),
        ("ACME.com", "ACME.com"),
        ("@ acme.com", "acme.com"),
    ],
)
def test_what_people_add_is_taken_away(typed, meant):
    assert bare(typed) == meant


@pytest.mark.parametrize(
    "typed", ["eve@acme.com", "https://acme.com", "acme.com/mail", "acme.com:25", "mailto:eve@acme.com"]
)
def test_a_whole_address_is_refused_with_what_to_do(typed):
    with pytest.raises(Refusal) as refused:
        bare(typed)
    assert refused.value.reason is Reason.DOMAIN_NOT_ALONE


@pytest.mark.parametrize(
    "name", ["acme.com", "acme.com.", "mail.acme.co.uk", "xn--mller-kva.de", "1and1.com", "acme.xn--p1ai"]
)
def test_a_company_domain_is_taken(name):
    assert checked(name) == name.rstrip(".")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("gmail.com", Reason.DOMAIN_FREE_MAIL),
        ("seznam.cz", Reason.DOMAIN_FREE_MAIL),
        ("GMAIL.com.", Reason.DOMAIN_FREE_MAIL),
        ("co.uk", Reason.DOMAIN_PUBLIC_SUFFIX),
        ("onmicrosoft.com", Reason.DOMAIN_PUBLIC_SUFFIX),
        ("com", Reason.DOMAIN_INVALID),
        ("localhost", Reason.DOMAIN_INVALID),
        ("", Reason.DOMAIN_INVALID),
        ("127.0.0.1", Reason.DOMAIN_INVALID),
        ("*.acme.com", Reason.DOMAIN_INVALID),
        ("-acme.com", Reason.DOMAIN_INVALID),
        ("acme-.com", Reason.DOMAIN_INVALID),
        ("_dmarc.acme.com", Reason.DOMAIN_INVALID),
        ("acme..com", Reason.DOMAIN_INVALID),
        (".".join(["x" * 60] * 4) + ".com", Reason.DOMAIN_INVALID),
    ],
)
def test_what_is_nobodys_own_or_no_domain_is_refused(name, reason):
    with pytest.raises(Refusal) as refused:
        checked(name)
    assert (refused.value.reason, refused.value.field) == (reason, "domain")


@given(st.text(max_size=300))
def test_whatever_is_typed_ends_in_a_domain_or_a_refusal(typed):
    try:
        name = checked(bare(typed))
    except Refusal:
        return
    assert name == name.lower()
    assert len(record_name(name)) <= 253


def test_the_record_must_be_this_claims_own():
    """P1: the record of another company at the same name proves nothing for this one."""
    good, other = record_value("a" * 40), record_value("b" * 40)
    assert finding([other, f" {good} "], "a" * 40) is Finding.FOUND
    assert finding([other, f"{good}x", good[:-1]], "a" * 40) is Finding.OTHER_VALUE
    assert finding([], "a" * 40) is Finding.NO_RECORD
    assert finding(None, "a" * 40) is Finding.NO_ANSWER


def test_a_proof_is_looked_at_again_after_a_month():
    assert not is_due(NOW - RECHECK_AFTER + timedelta(seconds=1), NOW)
    assert is_due(NOW - RECHECK_AFTER, NOW)


MONTH_AGO = NOW - RECHECK_AFTER


@pytest.mark.parametrize(
    ("found", "last_found_at", "missing_since", "step"),
    [
        (Finding.FOUND, MONTH_AGO, None, Step.KEEP),
        (Finding.FOUND, MONTH_AGO, NOW - GRACE, Step.KEEP),
        (Finding.NO_RECORD, MONTH_AGO, None, Step.WARN),
        (Finding.OTHER_VALUE, MONTH_AGO, None, Step.WARN),
        (Finding.NO_RECORD, MONTH_AGO, NOW - GRACE + timedelta(seconds=1), Step.KEEP),
        (Finding.NO_RECORD, MONTH_AGO, NOW - GRACE, Step.LOSE),
        # Silence is a fault of the network for two months; after that nobody looks after the domain.
        (Finding.NO_ANSWER, MONTH_AGO, None, Step.KEEP),
        (Finding.NO_ANSWER, MONTH_AGO, NOW - GRACE, Step.KEEP),
        (Finding.NO_ANSWER, NOW - PATIENCE, None, Step.WARN),
        (Finding.NO_ANSWER, NOW - PATIENCE, NOW - GRACE, Step.LOSE),
    ],
)
def test_a_missing_record_warns_before_it_costs_the_domain(found, last_found_at, missing_since, step):
    assert next_step(found, last_found_at=last_found_at, missing_since=missing_since, now=NOW) is step
