"""Rules of staffing in words: what is counted, what a rule does, and how a day stands."""

from __future__ import annotations

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.domain.staffing import PERSON, Effect, Headcount, Measure, Metric, StaffingRule, Standing
from portal.services.staffing.crowd import RuleFacts
from portal.web.filters import day

METRICS = {
    Metric.LEAST_PRESENT: _l("At least so many have to be there"),
    Metric.MOST_AWAY: _l("At most so many may be away"),
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
_WORKDAYS, _ALL = frozenset(range(1, 6)), frozenset(range(1, 8))


def limit(rule: StaffingRule) -> str:
    """At least 3 people; at most 20 % away."""
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
    return ", ".join(said) if said else _("Everybody")


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
    return f"{said}, {dates}"


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
