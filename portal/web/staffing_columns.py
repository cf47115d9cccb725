"""The columns of rules of staffing and of absences for many, as the audit log tells of them."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.domain.group_entries import GroupKind

STAFFING_COLUMNS: dict[str, LazyString] = {
    "at_work": _l("Counts as work for rules of staffing"),
    "effect": _l("What it does"),
    "field_value": _l("Qualification"),
    "first_part": _l("On the first day"),
    "group_entry_id": _l("Entered for many"),
    "last_part": _l("On the last day"),
    "measure": _l("Counted in"),
    "metric": _l("What has to hold"),
    "override": _l("Who may make an exception"),
    "season_from": _l("Every year from"),
    "season_through": _l("Every year through"),
    "valid_through": _l("Valid through"),
    "weekdays": _l("On which weekdays"),
}
GROUP_KINDS: dict[GroupKind, LazyString] = {
    GroupKind.BULK: _l("Absence for many"),
    GroupKind.CLOSURE: _l("Closure"),
    GroupKind.PLANNING: _l("Planning round"),
}
