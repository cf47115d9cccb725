"""The columns of working time that the audit log tells of, in the reader's language."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

EMPLOYMENT_COLUMNS: dict[str, LazyString] = {
    "agreed_days": _l("Agreed days a week"),
    "by_roster": _l("Works by the roster"),
    "cycle_begins": _l("Week 1 begins on"),
    "further_weeks": _l("Further weeks"),
}
