"""Plans of entitlement and ends of years in the reader's language."""

from __future__ import annotations

from datetime import date

from babel.dates import format_skeleton
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.domain.absence_costs import CountingMethod
from portal.domain.entitlement_plans import (
    MULTIPLES_A_YEAR,
    Basis,
    Frequency,
    GivenAt,
    Milestone,
    Plan,
    SeniorityUnit,
)
from portal.domain.entitlements import Rounding
from portal.domain.year_ends import LineOutcome, RunStatus
from portal.web.amounts import amount_in

FREQUENCIES = {
    Frequency.YEARLY: _l("At once for the year"),
    Frequency.HALF_YEARLY: _l("Half a year at a time"),
    Frequency.QUARTERLY: _l("A quarter at a time"),
    Frequency.MONTHLY: _l("Month by month"),
}
GIVEN_AT = {
    GivenAt.START: _l("On the first day of each part"),
    GivenAt.END: _l("On the last day of each part"),
}
BASES = {
    Basis.CALENDAR: _l("By the calendar"),
    Basis.WORKED: _l("By worked time"),
    Basis.MULTIPLES: _l("By full multiples of the weekly hours worked"),
}
ROUNDINGS = {Rounding.UP: _l("Up"), Rounding.NEAREST: _l("To the nearest"), Rounding.DOWN: _l("Down")}
UNITS = {
    SeniorityUnit.DAYS: _l("days"),
    SeniorityUnit.MONTHS: _l("months"),
    SeniorityUnit.YEARS: _l("years"),
}
RUNS = {
    RunStatus.DRAFT: _l("Preview"),
    RunStatus.ORDERED: _l("Being posted"),
    RunStatus.POSTED: _l("Posted"),
    RunStatus.REVERSED: _l("Reversed"),
    RunStatus.DROPPED: _l("Dropped"),
}
OUTCOMES = {
    LineOutcome.PLANNED: _l("As previewed"),
    LineOutcome.POSTED: _l("Posted"),
    LineOutcome.CHANGED: _l("Changed since the preview, not posted"),
    LineOutcome.REVERSED: _l("Reversed"),
}


def plan_sentences(plan: Plan) -> list[str]:
    """What a plan says, one rule a sentence."""
    said = [*(_milestone(one, plan.counting) for one in plan.milestones)]
    said.append(f"{FREQUENCIES[plan.frequency]}. {GIVEN_AT[plan.given_at]}.")
    if plan.year_starts != (1, 1):
        said.append(_("The year begins on %(day)s.", day=day_of_year(*plan.year_starts)))
    if plan.basis is Basis.WORKED:
        said.append(_("By worked time: what does not count as worked earns nothing."))
    if plan.counts_multiples:
        said.append(
            _(
                "Each full multiple of the weekly hours worked earns one part of %(all)s of the year.",
                all=MULTIPLES_A_YEAR,
            )
        )
        said += _limits(plan)
        said.append(
            _(
                "To be checked by a lawyer: which absences count as worked and up to which limit, from how much work on"
                " anything is earned, and how is rounded."
            )
        )
    if not plan.by_schedule:
        said.append(_("Part-time gets the same."))
    elif plan.counting is CountingMethod.HOURS:
        said.append(_("Whoever works fewer hours a week gets as much less."))
    else:
        said.append(_("Whoever works fewer days a week gets as much less."))
    if plan.yearly_cap is not None:
        said.append(_("At most %(amount)s a year.", amount=amount_in(plan.yearly_cap, plan.counting)))
    if plan.balance_cap is not None:
        said.append(
            _(
                "Nothing more while the balance is %(amount)s.",
                amount=amount_in(plan.balance_cap, plan.counting),
            )
        )
    return [*said, *carry_sentences(plan)]


def _limits(plan: Plan) -> list[str]:
    """How far absences count that do so up to a limit."""
    said = []
    if plan.limited_most is not None:
        said.append(
            ngettext(
                "Absences that count as worked up to a limit: at most %(num)s time the weekly hours a year.",
                "Absences that count as worked up to a limit: at most %(num)s times the weekly hours a year.",
                plan.limited_most,
            )
        )
    if plan.limited_from is not None:
        said.append(
            ngettext(
                "They count only once %(num)s time the weekly hours was worked besides.",
                "They count only once %(num)s times the weekly hours were worked besides.",
                plan.limited_from,
            )
        )
    return said


def carry_sentences(plan: Plan) -> list[str]:
    """What becomes of the rest of a year."""
    rule = plan.carry_over
    if rule.cap == 0:
        said = [_("Nothing is carried over.")]
    else:
        whole = _("All that is left is carried over")
        most = _("At most %(amount)s is carried over", amount=amount_in(rule.cap or 0, plan.counting))
        what = whole if rule.cap is None else most
        until = (
            _("usable through %(day)s", day=day_of_year(*rule.through))
            if rule.through
            else _("usable through the whole next year")
        )
        said = [f"{what}, {until}."]
        if rule.through and rule.protected:
            said.append(
                _(
                    "%(amount)s of it is usable through the whole next year.",
                    amount=amount_in(rule.protected, plan.counting),
                )
            )
    debt = _("A balance below zero is taken from the next year.")
    return [*said, debt if rule.carries_debt else _("A balance below zero is written off.")]


def day_of_year(month: int, day: int) -> str:
    """31 March; 29 February exists here."""
    named = date(2000, month, min(day, 29 if month == 2 else day))
    return str(format_skeleton("MMMMd", named, locale=get_locale()))


def _milestone(one: Milestone, counting: CountingMethod) -> str:
    amount = amount_in(one.yearly_amount, counting)
    if not one.after:
        return _("%(amount)s a year.", amount=amount)
    match one.unit:
        case SeniorityUnit.DAYS:
            after = ngettext("%(num)s day", "%(num)s days", one.after)
        case SeniorityUnit.MONTHS:
            after = ngettext("%(num)s month", "%(num)s months", one.after)
        case _:
            after = ngettext("%(num)s year", "%(num)s years", one.after)
    return _("%(amount)s a year after %(after)s here.", amount=amount, after=after)
