"""Rules of staffing in words: what is counted, what a rule does, and how a day stands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from babel.dates import format_skeleton
from flask_babel import format_decimal, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.domain.staffing import (
    PERSON,
    Effect,
    Headcount,
    Measure,
    Metric,
    Override,
    RulePart,
    StaffingRule,
    Standing,
    YearDay,
)
from portal.services.absence_letters import VACATION
from portal.services.staffing.crowd import RuleFacts
from portal.web.filters import day

METRICS = {
    Metric.LEAST_PRESENT: _l("At least so many have to be there"),
    Metric.MOST_AWAY: _l("At most so many may be away"),
    Metric.NOT_ALL_AWAY: _l("Of the people named, not all may be away at once"),
}
MEASURES = {Measure.PEOPLE: _l("people"), Measure.PERCENT: _l("percent of those who work that day")}
EFFECTS = {
    Effect.INFO: _l("Only say so"),
    Effect.REASON: _l("Ask for a reason"),
    Effect.BLOCK: _l("Block"),
}
EFFECT_NOTES = {
    Effect.INFO: _l("Whoever asks and whoever approves sees it."),
    Effect.REASON: _l("Whoever asks says why, and whoever approves ticks that they saw it and says why."),
    Effect.BLOCK: _l("Nobody can ask for such days. An exception needs the right to it and a reason."),
}
OVERRIDES = {
    Override.RIGHT: _l("Whoever holds the right to approve past such rules"),
    Override.NAMED: _l("Only the people named here"),
    Override.NOBODY: _l("Nobody"),
}
NAMED_AS = {
    RulePart.COUNTED: _l("Counted alone"),
    RulePart.EXCEPTED: _l("Left out"),
    RulePart.OVERRIDES: _l("May make an exception"),
    RulePart.TYPE: _l("Types that count"),
}
STANDINGS = {
    Standing.OK: _l("enough people"),
    Standing.TIGHT: _l("tight"),
    Standing.BROKEN: _l("too few people"),
}
#: The sign and tone of a standing: never the colour alone.
SIGNS = {
    Standing.OK: ("check", "green"),
    Standing.TIGHT: ("alert-triangle", "yellow"),
    Standing.BROKEN: ("x", "red"),
}
WEEKDAYS = {
    1: _l("Monday"),
    2: _l("Tuesday"),
    3: _l("Wednesday"),
    4: _l("Thursday"),
    5: _l("Friday"),
    6: _l("Saturday"),
    7: _l("Sunday"),
}
_SHOWN = 3
_WORKDAYS, _ALL = frozenset(range(1, 6)), frozenset(range(1, 8))


def limit(rule: StaffingRule) -> str:
    """At least 3 people; at most 20 % away."""
    if rule.metric is Metric.NOT_ALL_AWAY:
        return _("not all away at once")
    if rule.measure is Measure.PERCENT:
        if rule.metric is Metric.LEAST_PRESENT:
            return _("at least %(amount)s %% there", amount=rule.amount)
        return _("at most %(amount)s %% away", amount=rule.amount)
    if rule.metric is Metric.LEAST_PRESENT:
        return ngettext("at least %(num)s person there", "at least %(num)s people there", rule.amount)
    return ngettext("at most %(num)s person away", "at most %(num)s people away", rule.amount)


def whom(facts: RuleFacts) -> str:
    """Ward 1, Prague, First aid: yes; or everybody."""
    qualification = ""
    if facts.field:
        value = _("Yes") if facts.field_value == "yes" else facts.field_value
        qualification = f"{facts.field}: {value}"
    said = [one for one in (facts.team, facts.site, qualification) if one]
    said += _some(one.name for one in facts.of(RulePart.COUNTED))
    told = ", ".join(said) if said else _("Everybody")
    excepted = len(facts.of(RulePart.EXCEPTED))
    if excepted:
        told += " " + ngettext("(but for %(num)s person)", "(but for %(num)s people)", excepted)
    return told


def which_types(facts: RuleFacts) -> str:
    """Vacation, Unpaid leave; nothing where all of them count."""
    named = facts.of(RulePart.TYPE)
    return ", ".join(_("Vacation") if one.key == VACATION else one.name for one in named)


def _some(names: Iterable[str]) -> list[str]:
    """The first few of them, and how many more."""
    listed = list(names)
    more = len(listed) - _SHOWN
    return [*listed[:_SHOWN], *([_("%(count)s more", count=more)] if more > 0 else [])]


def when(rule: StaffingRule) -> str:
    """Monday to Friday, from 1 Dec 2026."""
    if rule.weekdays == _ALL:
        said = _("every day")
    elif rule.weekdays == _WORKDAYS:
        said = _("Monday to Friday")
    else:
        said = ", ".join(str(WEEKDAYS[one]) for one in sorted(rule.weekdays))
    if rule.valid_through is not None:
        dates = _("%(first)s to %(last)s", first=day(rule.valid_from), last=day(rule.valid_through))
    else:
        dates = _("from %(day)s", day=day(rule.valid_from))
    parts = [said]
    if rule.hours is not None:
        starts, ends = (f"{minute // 60}:{minute % 60:02d}" for minute in rule.hours)
        parts.append(f"{starts}–{ends}")
    if rule.season is not None:
        first, last = (_year_day(one) for one in (rule.season.first, rule.season.last))
        parts.append(_("every year %(first)s to %(last)s", first=first, last=last))
    return ", ".join([*parts, dates])


def _year_day(one: YearDay) -> str:
    """1 Dec, as the language writes it; in a year that has every day."""
    return str(format_skeleton("MMMd", date(2000, one.month, one.day), locale=get_locale()))


def people(amount: int) -> str:
    """Thousandths of a person's day as people: 3, 2.5."""
    return format_decimal(amount / PERSON, "#,##0.##")


def count(value: Headcount) -> str:
    """4 of 6 there, 2 away, 1 waiting."""
    said = _(
        "%(present)s of %(expected)s there, %(away)s away",
        present=people(value.present),
        expected=people(value.expected),
        away=people(value.away),
    )
    if value.waiting:
        said += ", " + _("%(waiting)s waiting", waiting=people(value.waiting))
    return said
