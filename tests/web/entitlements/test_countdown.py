"""What is soon to end is counted down to, and whoever gives back what has ended is told that it lapses at once."""

from __future__ import annotations

from datetime import UTC, date, datetime

from portal.services import absences, year_ends
from tests.factories.absences import ask
from tests.web.entitlements.test_year_ends import kind, made  # noqa: F401


def test_carried_days_count_down_and_given_back_late_lapse_at_once(client, as_, cast, clock, kind):  # noqa: F811
    """On 10 January 80 days are left of what ends on 31 March; of this year's entitlement nothing is said yet."""
    run_id = made(as_, cast, kind)
    with as_(cast.ana) as uow:
        year_ends.order(uow, run_id)
    page = client.sign_in(cast.eve).page("absences")
    assert "Use 5 days within 80 days" in page and page.count("within") == 1
    with as_(cast.eve) as uow:
        absence_id = ask(uow, date(2027, 3, 30), date(2027, 3, 31)).id
    with as_(cast.mats) as uow:
        absences.approve(uow, absence_id, version=1)
    client.sign_in(cast.mats)
    assert "lapse at once" not in client.page(f"absences/{absence_id}")
    clock.move_to(datetime(2027, 3, 31, 12, tzinfo=UTC))
    assert "Today is the last day for 3 days" in client.sign_in(cast.eve).page("absences")
    clock.move_to(datetime(2027, 4, 5, 12, tzinfo=UTC))
    page = client.sign_in(cast.mats).page(f"absences/{absence_id}")
    assert (
        "2 days of this could be used through 31 Mar 2027 only: given back now, they lapse at once." in page
    )
