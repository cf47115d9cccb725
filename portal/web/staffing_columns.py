"""The columns of rules of staffing, as the audit log tells of them."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

STAFFING_COLUMNS: dict[str, LazyString] = {
    "at_work": _l("Counts as work for rules of staffing"),
    "effect": _l("What it does"),
    "field_value": _l("Qualification"),
    "measure": _l("Counted in"),
    "metric": _l("What has to hold"),
    "valid_through": _l("Valid through"),
    "weekdays": _l("On which weekdays"),
}
