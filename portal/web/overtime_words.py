"""Overtime in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from portal.domain.overtime import OvertimeRules, OvertimeStatus
from portal.web.filters import hours

OVERTIME_STATUSES = {
    OvertimeStatus.PROPOSED: _l("Proposed"),
    OvertimeStatus.BOOKED: _l("Booked"),
    OvertimeStatus.DECLINED: _l("Declined"),
    OvertimeStatus.DROPPED: _l("Taken back"),
    OvertimeStatus.REVERSED: _l("Taken out again"),
}
TONES = {
    OvertimeStatus.PROPOSED: "pending",
    OvertimeStatus.BOOKED: "approved",
    OvertimeStatus.DECLINED: "rejected",
    OvertimeStatus.DROPPED: "withdrawn",
    OvertimeStatus.REVERSED: "cancelled",
}


def what_it_does(rules: OvertimeRules) -> str:
    """What a type makes of overtime, in one line."""
    said = ngettext(
        "Overtime can be taken off for %(num)s month after its own.",
        "Overtime can be taken off for %(num)s months after its own.",
        rules.months,
    )
    if rules.cap is not None:
        said += " " + _("At most %(cap)s h may lie on the account.", cap=hours(rules.cap))
    return said
