"""Changes of many people in the reader's words: what can be done, how far it is, why it cannot be done to somebody."""

from __future__ import annotations

from datetime import date

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.domain.people_changes import ROLE_KINDS, ChangeKind, ChangeStatus
from portal.domain.refusals import Reason
from portal.services.people_changes import Plan
from portal.web.filters import day
from portal.web.import_words import YES_OR_NO
from portal.web.role_words import role_label

K = ChangeKind
R = Reason
KINDS: dict[ChangeKind, LazyString] = {
    K.MOVE_TEAM: _l("Move to a team"),
    K.JOIN_TEAM: _l("Add to a team"),
    K.LEAVE_TEAM: _l("Take out of a team"),
    K.SITE: _l("Change the site"),
    K.MANAGER: _l("Change the line manager"),
    K.HOURS: _l("Change the weekly hours"),
    K.PATTERN: _l("Change the working days"),
    K.ROSTER: _l("Work by the roster, or no longer"),
    K.GIVE_ROLE: _l("Give a role"),
    K.TAKE_ROLE: _l("Take a role away"),
    K.INVITE: _l("Invite who has no access yet"),
    K.LEAVE: _l("End the employment"),
}
NOTES: dict[ChangeKind, LazyString] = {
    K.MOVE_TEAM: _l("They leave all other teams the day before."),
    K.JOIN_TEAM: _l("They stay in their other teams."),
    K.LEAVE_TEAM: _l("They stay in their other teams."),
    K.SITE: _l("Hours and days stay as they are."),
    K.MANAGER: _l("Counts from the day that you choose, for approvals too."),
    K.HOURS: _l("Everybody keeps their working days; the hours are shared among them as before."),
    K.PATTERN: _l("Everybody gets the same days and hours."),
    K.ROSTER: _l(
        "Hours and days stay as they are. By the roster a day off costs the shift that the published roster has on it."
    ),
    K.GIVE_ROLE: _l("The role counts from their next click on."),
    K.TAKE_ROLE: _l("The role is gone from their next click on."),
    K.INVITE: _l("Everybody gets a letter with a link. Links sent before no longer work."),
    K.LEAVE: _l(
        "Employment and teams end on that day. Access ends with it: at once today, else the morning after. What was "
        "planned and recorded stays."
    ),
}
STATUSES: dict[ChangeStatus, LazyString] = {
    ChangeStatus.WAITING: _l("Waiting"),
    ChangeStatus.RUNNING: _l("Under way"),
    ChangeStatus.DONE: _l("Done"),
    ChangeStatus.FAILED: _l("Nothing was done"),
    ChangeStatus.UNDONE: _l("Undone"),
}
PROBLEMS: dict[Reason, LazyString] = {
    R.ALREADY_SO: _l("It is like that already."),
    R.CHANGED_MEANWHILE: _l("Somebody changed these people meanwhile. Look at the list again."),
    R.GRANT_ABOVE_OWN: _l("You may not give or take this role."),
    R.LAST_ADMIN: _l("The company would have no admin left."),
    R.LAST_HR: _l("Nobody would be in HR any more."),
    R.MANAGER_CYCLE: _l("They would be their own manager, directly or through others."),
    R.NO_EMPLOYMENT: _l("There is no employment on that day."),
    R.NOT_ONESELF: _l("Nobody does this to themselves."),
    R.NOT_PERMITTED: _l("Your role does not reach this person."),
    R.PERSON_LEFT: _l("Does not work here any more."),
    R.SSO_BREAK_GLASS_KEPT: _l("Keeps the emergency way in."),
}
_SOMETHING_ELSE = _l("It could not be done. Look at the list again.")


def problem_words(problem: Reason) -> str:
    """Why not, of one person or of the whole change."""
    return str(PROBLEMS.get(problem, _SOMETHING_ELSE))


def value_words(planned: Plan, text: str) -> str:
    """What somebody has or gets, as people write it."""
    if planned.asked.kind is ChangeKind.LEAVE:
        return day(date.fromisoformat(text)) if text else _("no last day")
    if not text:
        return _("none")
    if planned.asked.kind is ChangeKind.ROSTER:
        return str(YES_OR_NO[text])
    if planned.asked.kind is ChangeKind.PATTERN:
        return _week(text)
    if planned.asked.kind in ROLE_KINDS:
        return role_label(planned.target.key, text)
    return text


def _week(text: str) -> str:
    """A flexible week says so as the page of the person does."""
    agreed, flexible, hours_of_days = text.partition(": ")
    days, at, week = agreed.partition("@")
    if not (flexible and at):
        return text
    said = ngettext(
        "flexible: %(hours)s h on %(num)s day a week",
        "flexible: %(hours)s h on %(num)s days a week",
        int(days),
        hours=week,
    )
    return f"{said} ({hours_of_days})"
