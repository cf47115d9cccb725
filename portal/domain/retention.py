"""How long data of each class are kept. The periods and their grounds are explained in docs/privacy.md."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from portal.domain import custom_fields
from portal.domain.data_map import Retention

#: Claims from an employment lapse three years after the end of the year in which it ended (as German Civil Code
#: §§ 195, 199; Czech § 629 counts three years from the day itself, so this covers both).
CLAIM_YEARS = 3
#: Days after the moment that each class names; see services/retention for which moment that is.
DAYS = {
    Retention.TRACES: 90,
    Retention.LETTERS: 90,
    Retention.SECRETS: 7,
    Retention.EXPORTS: 7,
}

#: Values that are needed until somebody leaves stay this long: a leaving recorded by mistake can be taken back.
DAYS_AFTER_LEAVING = 30
_YEARS_AFTER_LEAVING = {
    custom_fields.Retention.EMPLOYMENT: 0,
    custom_fields.Retention.THREE_YEARS: 3,
    custom_fields.Retention.TEN_YEARS: 10,
}


def claims_end(last_day: date) -> date:
    """The last day on which something may be kept for claims of somebody who left on `last_day`."""
    return date(last_day.year + CLAIM_YEARS, 12, 31)


def gone_before(retention: Retention, now: datetime) -> datetime:
    """What is older than this moment has had its time."""
    return now - timedelta(days=DAYS[retention])


def values_needed_since(kept: custom_fields.Retention, today: date) -> date:
    """Whoever's last day lies before this one has left so long ago that values of such a field have had their time."""
    years = _YEARS_AFTER_LEAVING[kept]
    if not years:
        return today - timedelta(days=DAYS_AFTER_LEAVING)
    try:
        return today.replace(year=today.year - years)
    except ValueError:  # the 29th of February
        return today.replace(year=today.year - years, day=28)
