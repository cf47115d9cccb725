"""How the portal came to an amount by a plan, a lapse or the end of a year, with the person's own values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from portal.domain.absence_costs import CountingMethod
from portal.domain.entitlement_plans import MULTIPLES_A_YEAR
from portal.domain.months import Month
from portal.services.ledger_rules import (
    ACCRUAL,
    CORRECTED,
    LAPSE,
    OVERTIME,
    OVERTIME_REVERSED,
    YEAR_END,
    YEAR_END_EXPECTED,
    YEAR_END_REVERSED,
    Rule,
)
from portal.services.overtime_lists import RosterSum
from portal.web.amounts import amount_in, exact_in
from portal.web.filters import day, hours
from portal.web.overtime_words import roster_sum


def formula(rule: Rule, counting: CountingMethod) -> list[str]:
    """The sentences of a rule with facts; none of one without."""
    facts = rule.facts
    match rule.name:
        case name if name in (ACCRUAL, CORRECTED) and facts:
            return list(_accrual(facts, counting))
        case name if name == YEAR_END:
            return list(_year_end(facts, counting))
        case _:
            return list(_other(rule.name, facts))


def _other(name: str, facts: dict[str, Any]) -> Iterator[str]:
    """Rules that say one sentence."""
    if name == CORRECTED:
        yield _("It is not earned any more: the terms of employment have changed.")
    elif name == LAPSE:
        yield _("Not used through %(day)s.", day=day(date.fromisoformat(facts["through"])))
    elif name == OVERTIME:
        yield _overtime(facts)
        yield ngettext(
            "Usable for %(num)s month after the month of that day.",
            "Usable for %(num)s months after the month of that day.",
            facts["months"],
        )
        if facts["cap"] is not None:
            yield _("At most %(cap)s h may lie on the account.", cap=hours(facts["cap"]))
    elif name == OVERTIME_REVERSED:
        yield _("The overtime of %(day)s was taken out again.", day=day(date.fromisoformat(facts["day"])))
    elif name == YEAR_END_EXPECTED:
        yield _("When the year %(year)s is settled.", year=facts["year"])
    elif name == YEAR_END_REVERSED:
        yield _("The year end of %(year)s was reversed.", year=facts["year"])


def _overtime(facts: dict[str, Any]) -> str:
    """What was worked: on a day, or by the roster of a month."""
    if "month" not in facts:
        on = day(date.fromisoformat(facts["day"]))
        return _("Worked longer on %(day)s: %(hours)s h.", day=on, hours=hours(facts["minutes"]))
    planned, contract = facts["planned"], facts["contract"]
    month = Month.of(date.fromisoformat(facts["month"]))
    said = roster_sum(RosterSum(month, planned, contract, 0, planned - contract - facts["minutes"]))
    return " ".join(said)


def _accrual(facts: dict[str, Any], counting: CountingMethod) -> Iterator[str]:
    start, end = (date.fromisoformat(one) for one in facts["period"])
    yield _(
        "For %(start)s to %(end)s, by the plan from %(plan)s:",
        start=day(start),
        end=day(end),
        plan=day(date.fromisoformat(facts["plan"])),
    )
    exact = Fraction(facts["exact"])
    if "multiples" in facts:
        yield from _multiples(facts, counting)
    else:
        yield from (_stretch(counting, *one) for one in facts["stretches"])
    if facts.get("by_roster"):
        yield _by_roster(*facts["by_roster"])
    if len(facts["stretches"]) > 1 and "multiples" not in facts:
        yield _("Together %(exact)s.", exact=exact_in(exact, counting))
    before, given = Fraction(facts["before"][0]), facts["before"][1]
    together = before + exact
    if together % facts["grain"] or before:
        yield _(
            "Earned in this year so far %(exact)s, rounded %(rounded)s; given before %(given)s.",
            exact=exact_in(together, counting),
            rounded=amount_in(given + facts["earned"], counting),
            given=amount_in(given, counting),
        )
    if facts["amount"] != facts["earned"]:
        yield _("A cap leaves %(amount)s of it.", amount=amount_in(facts["amount"], counting))
    if facts["given"] is not None:
        yield _(
            "%(given)s had been given before the terms changed: this is the difference.",
            given=amount_in(facts["given"], counting),
        )


def _stretch(
    counting: CountingMethod,
    start: str,
    end: str,
    count: int,
    of: int,
    yearly: int,
    part: str,
    schedule: str,
    worked: str,
) -> str:
    factors = [_("%(amount)s a year", amount=amount_in(yearly, counting))]
    if part != "1":
        factors.append(_("%(part)s of the year", part=part))
    if count != of:
        first, last = day(date.fromisoformat(start)), day(date.fromisoformat(end))
        factors.append(
            _(
                "%(days)s of %(of)s days employed (%(first)s to %(last)s)",
                days=count,
                of=of,
                first=first,
                last=last,
            )
        )
    if schedule != "1":
        factors.append(_("%(schedule)s of a full week", schedule=schedule))
    if worked != "1":
        factors.append(_("%(worked)s of the time worked", worked=worked))
    product = yearly * Fraction(part) * Fraction(count, of) * Fraction(schedule) * Fraction(worked)
    return f"{' × '.join(factors)} = {exact_in(product, counting)}."


def _multiples(facts: dict[str, Any], counting: CountingMethod) -> Iterator[str]:
    """How often the weekly hours were worked in each stretch, and how many full times that makes of the year's 52."""
    for (start, end, _count, _of, yearly, _part, schedule, _worked), times in zip(
        facts["stretches"], facts["times"], strict=True
    ):
        yield _(
            "%(first)s to %(last)s: %(times)s times the weekly hours worked;"
            " %(amount)s a year × %(schedule)s of a full week.",
            first=day(date.fromisoformat(start)),
            last=day(date.fromisoformat(end)),
            times=_decimal(Fraction(times)),
            amount=amount_in(yearly, counting),
            schedule=schedule,
        )
    if "limited" in facts:
        limited, counted = (Fraction(one) for one in facts["limited"])
        yield _limited(limited, counted, *facts["limits"])
    times, full = facts["multiples"]
    yield _(
        "In the year so far %(times)s times the weekly hours, %(full)s of %(all)s full ones: %(exact)s in this period.",
        times=_decimal(Fraction(times)),
        full=full,
        all=MULTIPLES_A_YEAR,
        exact=exact_in(Fraction(facts["exact"]), counting),
    )


def _limited(limited: Fraction, counted: Fraction, most: int | None, least: int | None) -> str:
    """What became of absences that count as worked up to a limit."""
    said = {"limited": _decimal(limited), "counted": _decimal(counted), "most": most, "least": least}
    if not counted:
        return _(
            "In the year so far absent %(limited)s times the weekly hours by types that count up to a limit: none of it"
            " counts, as less than %(least)s times was worked besides.",
            **said,
        )
    if counted < limited:
        return _(
            "In the year so far absent %(limited)s times the weekly hours by types that count up to a limit:"
            " %(counted)s count as worked, at most %(most)s.",
            **said,
        )
    return _(
        "In the year so far absent %(limited)s times the weekly hours by types that count up to a limit: all of it"
        " counts as worked.",
        **said,
    )


def _decimal(exact: Fraction) -> str:
    """To two places, as the reader writes numbers."""
    return str(format_decimal(round(exact * 100) / 100))


def _by_roster(planned: int, average: int) -> str:
    """Where the time worked comes from of somebody without days of their own."""
    said = ngettext(
        "Works by the roster: %(num)s day counts by a published shift",
        "Works by the roster: %(num)s days count by published shifts",
        planned,
    )
    rest = ngettext(
        "%(num)s as an average day, because no roster is published for it yet.",
        "%(num)s as average days, because no roster is published for them yet.",
        average,
    )
    return f"{said}, {rest}" if average else f"{said}."


def _year_end(facts: dict[str, Any], counting: CountingMethod) -> Iterator[str]:
    rest = facts["rest"]
    yield _("At the end of %(year)s %(rest)s were left.", year=facts["year"], rest=amount_in(rest, counting))
    if rest < 0:
        owed = _("That is taken from the next year.")
        yield owed if facts["owed"] else _("That is written off.")
        return
    if facts["held_back"]:
        yield _("%(amount)s stay for requests that wait.", amount=amount_in(facts["held_back"], counting))
    cap = facts["cap"]
    carried = facts["carried"] + facts["protected"]
    if cap is None:
        yield _("All of it is carried over.")
    else:
        yield _(
            "At most %(cap)s is carried over: %(carried)s; %(lapsed)s lapse.",
            cap=amount_in(cap, counting),
            carried=amount_in(carried, counting),
            lapsed=amount_in(facts["lapsed"], counting),
        )
