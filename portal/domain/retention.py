"""How long data of each class are kept. The periods and their grounds are explained in docs/privacy.md."""

from __future__ import annotations

from datetime import date, datetime, timedelta

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


def claims_end(last_day: date | None) -> date | None:
    """The last day on which something may be kept for claims; None while the employment lasts."""
    return None if last_day is None else date(last_day.year + CLAIM_YEARS, 12, 31)


def gone_before(retention: Retention, now: datetime) -> datetime:
    """What is older than this moment has had its time."""
    return now - timedelta(days=DAYS[retention])
