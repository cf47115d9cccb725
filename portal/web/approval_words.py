"""Steps of approval in the reader's language: who is meant, how many must agree, when it applies, where it stands."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.domain.approvals import ApproverKind, StepMode, StepRule, StepStatus, SubjectKind
from portal.services.approvals.rules import Named
from portal.services.approvals.shown_routes import ShownStep
from portal.web.filters import days
from portal.web.role_words import role_label

SUBJECTS = {SubjectKind.ABSENCE: _l("Time off"), SubjectKind.OVERTIME: _l("Overtime")}
#: The columns of a company that say when approvers are reminded by SMS.
TEXT_COLUMNS = {
    "approval_texts": _l("Reminders by SMS"),
    "approval_texts_a_day": _l("Most messages on one day"),
    "approval_texts_from": _l("Messages from this hour on"),
    "approval_texts_until": _l("Messages until this hour"),
}
APPROVERS = {
    ApproverKind.LINE_MANAGER: _l("Line manager"),
    ApproverKind.NEXT_MANAGER: _l("Line manager of the line manager"),
    ApproverKind.HR: _l("HR"),
    ApproverKind.ROLE: _l("Holders of a role"),
    ApproverKind.PERSON: _l("A certain person"),
    ApproverKind.TEAM_HEAD: _l("Who decides for the person's team"),
    ApproverKind.SITE_HEAD: _l("Who decides for the person's site"),
}
#: The same within a sentence.
_WITHIN = {
    ApproverKind.LINE_MANAGER: _l("the line manager"),
    ApproverKind.NEXT_MANAGER: _l("the line manager of the line manager"),
    ApproverKind.HR: _l("HR"),
    ApproverKind.TEAM_HEAD: _l("whoever decides for the person's team"),
    ApproverKind.SITE_HEAD: _l("whoever decides for the person's site"),
}
MODES = {
    StepMode.ANY: _l("One of them decides"),
    StepMode.SOME: _l("Several of them must agree"),
    StepMode.ALL: _l("All of them must agree"),
}
STATUSES = {
    StepStatus.WAITING: _l("Not its turn yet"),
    StepStatus.OPEN: _l("Its turn"),
    StepStatus.APPROVED: _l("Agreed"),
    StepStatus.REJECTED: _l("Declined"),
    StepStatus.SKIPPED: _l("Skipped: agreed before"),
    StepStatus.CLOSED: _l("No longer needed"),
}


def step(rule: StepRule, named: Named) -> str:
    """Who, and when: HR, if longer than 10 days or sent less than 7 days ahead."""
    said = _who(rule, named)
    if rule.mode is StepMode.ALL:
        said = _("%(who)s (all of them)", who=said)
    if rule.mode is StepMode.SOME and rule.at_least is not None:
        said = _("%(who)s (%(count)s of them)", who=said, count=rule.at_least)
    conditions = []
    if rule.longer_than_days is not None:
        conditions.append(_("longer than %(amount)s", amount=days(rule.longer_than_days * 1000)))
    if rule.notice_below_days is not None:
        conditions.append(_("sent less than %(amount)s ahead", amount=days(rule.notice_below_days * 1000)))
    if rule.below_zero:
        conditions.append(_("the balance goes below zero"))
    if rule.breaks_staffing:
        conditions.append(_("a rule of staffing is broken"))
    if conditions:
        said = _("%(who)s, if %(conditions)s", who=said, conditions=_(" or ").join(conditions))
    if rule.agreed_if_nobody:
        return _("%(step)s; where there is nobody, it counts as agreed", step=said)
    if rule.if_nobody is None:
        return said
    instead = StepRule(rule.if_nobody, named_id=rule.if_nobody_named_id)
    within = _WITHIN.get(rule.if_nobody) or _who(instead, named)
    return _("%(step)s; where there is nobody, %(instead)s", step=said, instead=within)


def how_many(step: ShownStep) -> str:
    """How many of the people of a step of a route must agree."""
    if step.mode is StepMode.SOME and step.at_least is not None:
        return _("%(count)s of them must agree", count=min(step.at_least, len(step.people)))
    return str(MODES[step.mode])


def step_number(route: list[ShownStep]) -> int:
    """The number of the step whose turn it is."""
    return next((one.position for one in route if one.status is StepStatus.OPEN), len(route))


def whose_turn(route: list[ShownStep]) -> str:
    """The names of those whose turn it is."""
    current = [one for one in route if one.status is StepStatus.OPEN]
    return ", ".join(person.name for one in current for person in one.people if person.decided_at is None)


def _who(rule: StepRule, named: Named) -> str:
    gone = _("nobody any more, so whoever decides for the company")
    if rule.named_id is not None and rule.approver is ApproverKind.ROLE:
        return role_label(*named.roles[rule.named_id]) if rule.named_id in named.roles else gone
    if rule.named_id is not None and rule.approver is ApproverKind.PERSON:
        return named.people[rule.named_id][1] if rule.named_id in named.people else gone
    return str(APPROVERS[rule.approver])
