"""The ledger: nothing is lost, cancelling gives back exactly, what expires first is used first."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.ledger import (
    Bucket,
    DatedAmount,
    Entry,
    EntryKind,
    available,
    balance,
    consumption,
    expiry,
    release,
    reversal,
    revived,
    take_again,
)
from portal.domain.refusals import Reason, Refusal

Y2025 = Bucket(2025, date(2025, 1, 1), date(2026, 3, 31))
Y2026 = Bucket(2026, date(2026, 1, 1), date(2027, 3, 31))
Y2027 = Bucket(2027, date(2027, 1, 1), date(2028, 3, 31))
YEARS = (Y2025, Y2026, Y2027)
END = date(2028, 12, 31)


def grant(bucket: Bucket, amount: int) -> Entry:
    return Entry(EntryKind.GRANT, bucket, amount, bucket.usable_from)


def consume(bucket: Bucket, amount: int, day: date) -> Entry:
    return Entry(EntryKind.CONSUME, bucket, -amount, day)


def test_what_expires_first_is_used_first():
    entries = [grant(Y2026, 20_000), grant(Y2025, 1500)]
    assert consumption(entries, [(date(2026, 3, 30), 1000), (date(2026, 3, 31), 1000)]) == [
        consume(Y2025, 1000, date(2026, 3, 30)),
        consume(Y2025, 500, date(2026, 3, 31)),
        consume(Y2026, 500, date(2026, 3, 31)),
    ]


def test_a_bonus_that_begins_later_but_ends_sooner_is_used_before_the_rest():
    bonus = Bucket(2026, date(2026, 6, 1), date(2026, 8, 31))
    taken = consumption([grant(Y2026, 1000), grant(bonus, 1000)], [(date(2026, 7, 6), 1000)])
    assert taken[0].bucket == bonus


def test_the_last_day_of_a_bucket_is_usable_and_the_next_is_not():
    entries = [grant(Y2025, 1000), grant(Y2026, 1000)]
    assert consumption(entries, [(date(2026, 3, 31), 1000)])[0].bucket == Y2025
    assert consumption(entries, [(date(2026, 4, 1), 1000)])[0].bucket == Y2026


def test_without_expiry_the_older_days_still_go_first():
    endless = [Bucket(year, date(year, 1, 1), date(2099, 12, 31)) for year in (2026, 2025)]
    taken = consumption([grant(bucket, 1000) for bucket in endless], [(date(2026, 6, 1), 1000)])
    assert taken[0].bucket.origin_year == 2025


def test_an_absence_over_new_year_takes_each_day_from_what_is_usable_then():
    closed = Bucket(2026, date(2026, 1, 1), date(2026, 12, 31))
    charges = [(date(2026, 12, 31), 1000), (date(2027, 1, 4), 1000)]
    taken = consumption([grant(closed, 5000), grant(Y2027, 5000)], charges)
    assert [entry.bucket.origin_year for entry in taken] == [2026, 2027]


def test_what_is_planned_for_december_cannot_be_taken_in_may():
    entries = [grant(Y2026, 2000), consume(Y2026, 1500, date(2026, 12, 21))]
    with pytest.raises(Refusal) as caught:
        consumption(entries, [(date(2026, 5, 4), 1000)])
    assert caught.value.reason is Reason.BALANCE_TOO_LOW
    assert caught.value.details == {"date": date(2026, 5, 4), "available": 500, "missing": 500}


def test_what_accrues_later_does_not_block_what_is_there_now():
    accruals = [Entry(EntryKind.ACCRUE, Y2026, 2000, date(2026, month, 1)) for month in range(1, 13)]
    planned = [consume(Y2026, 20_000, date(2026, 12, 21))]
    charges = [(date(2026, 3, 2), 1000), (date(2026, 3, 3), 1000)]
    assert len(consumption(accruals + planned, charges)) == 2
    with pytest.raises(Refusal, match="balance-too-low"):
        consumption(accruals + planned, [*charges, (date(2026, 3, 4), 1000), *[(date(2026, 3, 5), 1001)]])
    # Accrued in April, so March cannot have it.
    with pytest.raises(Refusal, match="balance-too-low"):
        consumption(accruals[3:], [(date(2026, 3, 2), 1)])


def test_half_a_day_that_is_left_can_be_taken():
    assert consumption([grant(Y2026, 500)], [(date(2026, 5, 4), 500)])[0].amount == -500


def test_a_date_outside_every_bucket_has_no_entitlement():
    with pytest.raises(Refusal) as caught:
        consumption([grant(Y2025, 5000)], [(date(2026, 5, 4), 1000)])
    assert caught.value.reason is Reason.NO_ENTITLEMENT


def test_waiting_requests_take_their_share_first():
    entries = [grant(Y2026, 2000)]
    reserved = [(date(2026, 6, 1), 1000), (date(2026, 6, 2), 500)]
    assert len(consumption(entries, [(date(2026, 5, 4), 500)], reserved=reserved)) == 1
    with pytest.raises(Refusal) as caught:
        consumption(entries, [(date(2026, 5, 4), 1000)], reserved=reserved)
    assert caught.value.details["available"] == 500


def test_available_is_the_balance_of_usable_buckets_less_reservations():
    entries = [grant(Y2025, 3000), grant(Y2026, 20_000), consume(Y2026, 1000, date(2026, 12, 21))]
    reserved = [(date(2026, 7, 6), 2000)]
    assert available(entries, reserved, date(2026, 3, 31)) == 23_000
    assert available(entries, reserved, date(2026, 4, 1)) == 20_000
    assert available(entries, reserved, date(2026, 7, 6)) == 18_000
    assert available(entries, reserved, date(2026, 12, 31)) == 17_000
    assert balance(entries, date(2026, 4, 1)) == 23_000


def test_expiry_takes_the_rest_once_on_the_day_after_the_last():
    entries = [grant(Y2025, 3000), consume(Y2025, 1000, date(2026, 2, 2)), grant(Y2026, 20_000)]
    assert expiry(entries, date(2026, 3, 31)) == []
    lapsed = expiry(entries, date(2026, 4, 1))
    assert lapsed == [Entry(EntryKind.EXPIRE, Y2025, -2000, date(2026, 4, 1))]
    assert expiry(entries + lapsed, date(2026, 12, 31)) == []


def test_debts_do_not_lapse():
    assert expiry([Entry(EntryKind.ADJUST, Y2025, -500, date(2025, 5, 1))], END) == []


def test_days_given_back_after_expiry_lapse_again():
    entries = [grant(Y2025, 3000), consume(Y2025, 3000, date(2026, 2, 2))]
    entries += expiry(entries, date(2026, 4, 1))
    entries += release([entry for entry in entries if entry.kind is EntryKind.CONSUME])
    assert [entry.amount for entry in expiry(entries, date(2026, 5, 1))] == [-3000]


def test_days_given_back_go_where_they_came_from_on_their_own_date():
    posted = consumption([grant(Y2025, 500), grant(Y2026, 5000)], [(date(2026, 3, 2), 1000)])
    assert release(posted) == [
        Entry(EntryKind.RELEASE, Y2025, 500, date(2026, 3, 2)),
        Entry(EntryKind.RELEASE, Y2026, 500, date(2026, 3, 2)),
    ]


def test_nothing_is_given_back_twice():
    posted = [consume(Y2026, 1000, date(2026, 5, 4)), consume(Y2026, 500, date(2026, 5, 5))]
    partly = posted + release(posted[:1])
    assert release(partly) == [Entry(EntryKind.RELEASE, Y2026, 500, date(2026, 5, 5))]
    assert release(partly + release(partly)) == []


def test_a_bucket_cannot_end_before_it_begins():
    with pytest.raises(Refusal, match="end-before-start"):
        Bucket(2026, date(2026, 1, 2), date(2026, 1, 1))


DAYS_OF_USE = st.dates(date(2025, 1, 1), date(2028, 3, 31))
GRANTS = st.lists(st.builds(grant, st.sampled_from(YEARS), st.integers(1, 5000)), min_size=1, max_size=6)
CHARGES = st.lists(st.tuples(DAYS_OF_USE, st.integers(1, 1000)), max_size=10, unique_by=lambda one: one[0])


def attempt(entries: list[Entry], charges: list[DatedAmount]) -> list[Entry] | Refusal:
    try:
        return consumption(entries, charges)
    except Refusal as refusal:
        return refusal


def planned(entries: list[Entry], charges: list[DatedAmount]) -> list[Entry]:
    """As many of the charges as the grants allow, one request each."""
    posted: list[Entry] = []
    for charge in charges:
        taken = attempt(entries + posted, [charge])
        posted += [] if isinstance(taken, Refusal) else taken
    return posted


@given(GRANTS, CHARGES)
def test_what_is_consumed_is_exactly_what_was_charged(entries, charges):
    posted = attempt(entries, charges)
    if isinstance(posted, Refusal):
        assert posted.reason in (Reason.BALANCE_TOO_LOW, Reason.NO_ENTITLEMENT)
        missing, left = posted.details["missing"], posted.details["available"]
        charged = dict(charges)[posted.details["date"]]
        assert (missing, left) == (charged - left, charged - missing)
        return
    per_date: dict[date, int] = {}
    for entry in posted:
        assert entry.bucket.usable_on(entry.effective_date)
        assert entry.amount < 0
        per_date[entry.effective_date] = per_date.get(entry.effective_date, 0) - entry.amount
    assert per_date == dict(charges)


@given(GRANTS, CHARGES)
def test_no_bucket_ever_falls_below_zero_on_any_date(entries, charges):
    all_entries = entries + planned(entries, charges)
    for bucket in YEARS:
        inside = [entry for entry in all_entries if entry.bucket == bucket]
        assert all(balance(inside, entry.effective_date) >= 0 for entry in inside)


@given(GRANTS, CHARGES, st.randoms(use_true_random=False))
def test_the_order_in_which_rows_come_does_not_matter(entries, charges, random):
    shuffled, shuffled_charges = list(entries), list(charges)
    random.shuffle(shuffled)
    random.shuffle(shuffled_charges)
    one, other = attempt(entries, charges), attempt(shuffled, shuffled_charges)
    if isinstance(one, Refusal) and isinstance(other, Refusal):
        assert other.details == one.details
    else:
        assert other == one
    assert balance(shuffled, END) == balance(entries, END)


@given(GRANTS, CHARGES, st.dates(date(2024, 12, 31), END))
def test_cancelling_restores_the_balance_of_every_date_and_bucket(entries, charges, as_of):
    posted = planned(entries, charges)
    after = entries + posted + release(posted)
    for bucket in YEARS:
        before, now = ([one for one in rows if one.bucket == bucket] for rows in (entries, after))
        assert balance(now, as_of) == balance(before, as_of)


@given(GRANTS, CHARGES, st.integers(0, 9))
def test_giving_back_day_by_day_ends_where_giving_back_at_once_does(entries, charges, first):
    posted = planned(entries, charges)
    partly = release(posted[:first])
    assert balance(posted + partly + release(posted + partly), END) == 0


@given(GRANTS, CHARGES)
def test_a_reversal_undoes_any_entry(entries, charges):
    rows = entries + planned(entries, charges)
    for entry in rows:
        undone = reversal(entry)
        assert balance([entry, undone], entry.effective_date) == 0
        assert undone.bucket == entry.bucket
        assert undone.kind is (EntryKind.RELEASE if entry.kind is EntryKind.CONSUME else entry.kind)


@given(GRANTS, CHARGES, st.dates(date(2025, 1, 1), END))
def test_expiry_leaves_nothing_behind_and_happens_once(entries, charges, today):
    rows = entries + planned(entries, charges)
    lapsed = expiry(rows, today)
    rows += lapsed
    assert expiry(rows, today) == []
    for bucket in YEARS:
        if bucket.usable_through < today:
            assert balance([one for one in rows if one.bucket == bucket], today) == 0
    assert all(entry.effective_date == entry.bucket.usable_through + timedelta(days=1) for entry in lapsed)


def test_an_overdraft_is_the_last_resort_and_has_an_end():
    entries = [grant(Y2025, 500), grant(Y2026, 1000)]
    day = date(2026, 3, 2)
    assert consumption(entries, [(day, 3000)], overdraft=1500) == [
        consume(Y2025, 500, day),
        consume(Y2026, 2500, day),
    ]
    with pytest.raises(Refusal) as refused:
        consumption(entries, [(day, 3001)], overdraft=1500)
    assert (refused.value.reason, refused.value.details["missing"]) == (Reason.BALANCE_TOO_LOW, 1)
    with pytest.raises(Refusal):
        consumption(entries, [(day, 1)], reserved=[(date(2026, 3, 3), 3000)], overdraft=1500)


@given(GRANTS, CHARGES, st.integers(0, 5000))
def test_no_bucket_falls_below_the_overdraft(entries, charges, overdraft):
    try:
        rows = entries + consumption(entries, charges, overdraft=overdraft)
    except Refusal:
        return
    for bucket in YEARS:
        assert balance([one for one in rows if one.bucket == bucket], END) >= -overdraft


@given(GRANTS, CHARGES, st.integers(0, 9), st.dates(date(2025, 1, 1), END))
def test_taking_again_undoes_a_release_also_when_its_rest_has_lapsed(entries, charges, first, today):
    """Days that gave way and come back: every bucket holds what it held, whatever has lapsed in between."""
    taken = planned(entries, charges)
    before = [*entries, *taken]
    released = release(taken[first:])
    lapsed = expiry([*before, *released], today)
    now = [*before, *released, *lapsed]
    again = take_again(released)
    back = revived(now, again)
    after = [*now, *again, *back]
    assert not take_again([*released, *again])
    for bucket in YEARS:
        held = sum(one.amount for one in before if one.bucket == bucket)
        left = sum(one.amount for one in after if one.bucket == bucket)
        rest = sum(one.amount for one in expiry(before, today) if one.bucket == bucket)
        assert left == held + rest  # what had lapsed without the release has lapsed with it, and nothing more
