"""How a period is written in letters and on pages."""

from __future__ import annotations

from datetime import date

import pytest

from portal.services.absence_letters import period

AUGUST, LATER, NEW_YEAR = date(2026, 8, 3), date(2026, 9, 2), date(2027, 1, 5)


@pytest.mark.parametrize(
    ("start_date", "end_date", "language", "text"),
    [
        (AUGUST, AUGUST, "en", "3 Aug 2026"),
        (AUGUST, date(2026, 8, 7), "en", "3–7 Aug 2026"),
        (AUGUST, LATER, "en", "3 Aug – 2 Sep 2026"),
        (AUGUST, NEW_YEAR, "en", "3 Aug 2026 – 5 Jan 2027"),
        (AUGUST, date(2026, 8, 7), "de", "3.–7. Aug. 2026"),
        (AUGUST, AUGUST, "cs", "3. 8. 2026"),
    ],
)
def test_a_period_is_written_as_the_language_does(start_date, end_date, language, text):
    written = period(start_date, end_date, language).replace("\u2009", "").replace("\xa0", " ")
    assert written == text
