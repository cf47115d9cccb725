"""Overtime in the reader's language."""

from __future__ import annotations

from babel.dates import format_skeleton
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal.domain.overtime import OvertimeRules, OvertimeStatus
from portal.services.overtime_lists import OvertimeLine, RosterSum
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


#: Nobody takes back what a roster has planned: it is planned otherwise now.
NO_LONGER = _l("No longer so")


def status(line: OvertimeLine) -> LazyString:
    if line.roster is not None and line.status is OvertimeStatus.DROPPED:
        return NO_LONGER
    return OVERTIME_STATUSES[line.status]


def roster_sum(one: RosterSum) -> list[str]:
    """How hours of a roster come about, sentence by sentence."""
    said = [
        _(
            "Roster of %(month)s: %(planned)s h planned, %(contract)s h asked by the contract.",
            month=format_skeleton("yMMMM", one.month.first_day, locale=get_locale()),
            planned=hours(one.planned),
            contract=hours(one.contract),
        )
    ]
    if one.holiday:
        said.append(
            _(
                "%(holiday)s h of the plan lie on public holidays, of which the contract asks nothing.",
                holiday=hours(one.holiday),
            )
        )
    if one.settled:
        said.append(_("%(settled)s h of the difference were decided before.", settled=hours(one.settled)))
    return said


def what_it_does(rules: OvertimeRules) -> str:
    """What a type makes of overtime, in one line."""
    said = ngettext(
        "Overtime can be taken off for %(num)s month after its own.",
        "Overtime can be taken off for %(num)s months after its own.",
        rules.months,
    )
    if rules.cap is not None:
        said += " " + _("At most %(cap)s h may lie on the account.", cap=hours(rules.cap))
    if rules.of_roster:
        said += " " + _("What published rosters plan beyond the contract is proposed once the month is over.")
    return said
