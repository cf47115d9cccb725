"""Absences in the reader's language: types, halves of days, causes of a price, and why a balance moved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from babel.dates import format_skeleton
from flask_babel import format_date, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.domain.absence_costs import CountingMethod
from portal.domain.absence_types import TypeRules, Unit
from portal.domain.absences import AbsenceStatus
from portal.domain.calendar_spans import Span, SpanKind
from portal.domain.ledger import EntryKind
from portal.domain.months import Month
from portal.domain.periods import DAY_MINUTES, DayPart, Part, has_gaps
from portal.domain.substitutes import SubstituteAnswer, SubstituteRule
from portal.services import absence_letters
from portal.services.absence_wishes import DayCause, DayLine
from portal.services.away import AwayBeside
from portal.services.balances import LedgerRow, TypeFacts
from portal.services.hidden_kinds import HIDDEN
from portal.services.ledger_rules import (
    DISPLACED,
    HOLIDAY_ADDED,
    OVERTIMES,
    ROSTER_PUBLISHED,
    GrantShare,
    Rule,
)
from portal.services.substitutes.reading import ShownSubstitute
from portal.services.team_calendar import AwayPart
from portal.web.amounts import amount_in, exact_in
from portal.web.filters import day, days, hours
from portal.web.ledger_words import formula

STATUSES = {
    AbsenceStatus.REQUESTED: _l("Waiting"),
    AbsenceStatus.APPROVED: _l("Approved"),
    AbsenceStatus.REJECTED: _l("Not approved"),
    AbsenceStatus.WITHDRAWN: _l("Withdrawn"),
    AbsenceStatus.CANCELLED: _l("Cancelled"),
}
KINDS = {
    EntryKind.GRANT: _l("Yearly entitlement"),
    EntryKind.ACCRUE: _l("Earned"),
    EntryKind.CARRY_IN: _l("Carried over"),
    EntryKind.CONSUME: _l("Time off"),
    EntryKind.RELEASE: _l("Given back"),
    EntryKind.EXPIRE: _l("Lapsed"),
    EntryKind.ADJUST: _l("Correction"),
    EntryKind.TRANSFER: _l("Transfer"),
    EntryKind.PAY_OUT: _l("Paid out"),
}
SPANS = {SpanKind.MONTH: _l("Month"), SpanKind.QUARTER: _l("Quarter"), SpanKind.YEAR: _l("Year")}
HALVES = {Part.AM: _l("morning"), Part.PM: _l("afternoon"), Part.FROM_TO: _l("part of the day")}


def movement(row: LedgerRow) -> str:
    """Why a balance moved, in a word or two."""
    return _("Overtime") if row.rule.name in OVERTIMES else str(KINDS[row.kind])


def type_label(kind: TypeFacts) -> str:
    """The built-in type is translated, a company's own is called what the company calls it."""
    if kind.key == HIDDEN:
        return _("Away")
    if kind.key == absence_letters.CLOSURE:
        return _("Company closure")
    return _("Vacation") if kind.key == "vacation" else kind.name


COUNTING = {CountingMethod.DAYS: _l("in days"), CountingMethod.HOURS: _l("in hours")}
UNITS = {
    Unit.DAY: _l("whole days only"),
    Unit.HALF: _l("half days possible"),
    Unit.HOUR: _l("hours possible"),
}
COVER_RULES = {
    SubstituteRule.OFF: _l("nobody is named who covers"),
    SubstituteRule.OPTIONAL: _l("who covers can be named"),
    SubstituteRule.REQUIRED: _l("who covers has to be named"),
}
COVER_ANSWERS = {
    SubstituteAnswer.OPEN: _l("not answered"),
    SubstituteAnswer.CAN: _l("can"),
    SubstituteAnswer.CANNOT: _l("cannot"),
}


def amount(value: int, kind: TypeFacts) -> str:
    """What a type counts: 2.5 days, or 7:30 h."""
    return amount_in(value, kind.counting)


def type_rules(rules: TypeRules, kind: TypeFacts) -> str:
    """What the rules of a type say, in one line."""
    said = [
        _("%(amount)s a year", amount=amount(rules.yearly_entitlement, kind))
        if rules.yearly_entitlement
        else _("no balance"),
        _("with approval") if rules.needs_approval else _("without approval"),
        str(UNITS[rules.unit]),
    ]
    if rules.cancel_needs_approval:
        said.append(_("cancelled with approval alone"))
    said += _limits(rules, kind)
    if rules.proof_from_days:
        said.append(_("proof from day %(number)s on", number=rules.proof_from_days))
    if not rules.counts_as_worked:
        said.append(_("does not count as worked"))
    elif rules.counts_up_to_limit:
        said.append(_("counts as worked up to a limit"))
    if rules.sickness:
        said.append(_("sickness: reported, not asked for"))
    if rules.alarm_days:
        said.append(_("HR is told after %(days)s in a row", days=days(rules.alarm_days * 1000)))
    elif rules.sickness and rules.alarm_days is None:
        said.append(_("HR is told by the law of the site"))
    if rules.substitutes is not SubstituteRule.OPTIONAL:
        said.append(str(COVER_RULES[rules.substitutes]))
    if rules.colleagues_see:
        said.append(_("colleagues see the type"))
    return ", ".join(said)


def _limits(rules: TypeRules, kind: TypeFacts) -> list[str]:
    said = []
    if rules.notice_days:
        said.append(_("%(amount)s of notice", amount=days(rules.notice_days * 1000)))
    if rules.longest_days:
        said.append(_("at most %(amount)s at a time", amount=days(rules.longest_days * 1000)))
    if rules.overdraft:
        said.append(_("%(amount)s below zero possible", amount=amount(rules.overdraft, kind)))
    return said


def period(start_date: date, end_date: date) -> str:
    """3–7 Aug 2026."""
    return absence_letters.period(start_date, end_date, get_locale().language)


def day_part(part: Part, starts_minute: int | None, ends_minute: int | None) -> str:
    """Which part of a day: morning, 9:00–11:30; nothing for a whole day."""
    if starts_minute is not None and ends_minute is not None:
        return f"{hours(starts_minute)}–{hours(ends_minute)}"
    return str(HALVES.get(part, ""))


def halves(start_date: date, end_date: date, first: Part, last: Part, *, single_days: bool = False) -> str:
    """What is not a whole day at the ends of a period, or an empty text."""
    if single_days:
        return _("single days")
    if start_date == end_date:
        return str(HALVES.get(first, ""))
    said = []
    if first is not Part.FULL:
        said.append(_("from noon"))
    if last is not Part.FULL:
        said.append(_("until noon"))
    return ", ".join(said)


def colleagues(beside: AwayBeside) -> str:
    """Who is away, by name: Eve Novak, Otto Kern (requested) and 3 more."""
    requested = _("(requested)")
    names = ", ".join(one.name if one.certain else f"{one.name} {requested}" for one in beside.named)
    return f"{names} {_('and %(count)s more', count=beside.more)}" if beside.more else names


def parts_before(parts: Sequence[DayPart]) -> str:
    """3–7 Aug 2026; or, of single days or hours, which: 3 Aug 2026 morning, 5 Aug 2026."""
    if not has_gaps(parts) and all(one.part is not Part.FROM_TO for one in parts):
        half = halves(parts[0].date, parts[-1].date, parts[0].part, parts[-1].part)
        return f"{period(parts[0].date, parts[-1].date)} {half}".strip()
    said = (f"{day(one.date)} {day_part(one.part, one.starts_minute, one.ends_minute)}" for one in parts)
    return ", ".join(one.strip() for one in said)


def covered_by(people: Sequence[ShownSubstitute]) -> str:
    """Pia Novak (can), Otto Kern (away then)."""
    said = []
    for one in people:
        state = (
            _("away then")
            if one.away and one.answer is not SubstituteAnswer.CANNOT
            else COVER_ANSWERS[one.answer]
        )
        said.append(f"{one.name} ({state})")
    return ", ".join(said)


#: So many days are named; of more nobody reads them all.
_FEW = 5


def few_days(days_on: Sequence[date]) -> str:
    """3 Aug 2026, 4 Aug 2026 and 3 more."""
    named = ", ".join(day(one) for one in days_on[:_FEW])
    return f"{named} {_('and %(count)s more', count=len(days_on) - _FEW)}" if len(days_on) > _FEW else named


def label_of_day(value: date) -> str:
    """Mon 3 Aug 2026."""
    return f"{weekday(value)} {day(value)}"


def weekday(value: date) -> str:
    return str(format_date(value, "EEE", rebase=False))


def cause(line: DayLine) -> str:
    """Why a date costs what it costs; of a flexible week also which share of a day it is, and when the shifts are."""
    said = _cause(line), flexible(*line.flexible) if line.flexible else "", _shifts(line)
    return ", ".join(filter(None, said))


def flexible(agreed: int, possible: int) -> str:
    return ngettext(
        "flexible: %(num)s agreed day on %(possible)s possible days",
        "flexible: %(num)s agreed days on %(possible)s possible days",
        agreed,
        possible=possible,
    )


def _cause(line: DayLine) -> str:
    match line.cause:
        case DayCause.HOLIDAY:
            return line.holiday
        case DayCause.HALF_HOLIDAY:
            return _("half a holiday: %(name)s", name=line.holiday)
        case DayCause.NO_WORK:
            return _("no working day")
        case DayCause.NOT_EMPLOYED:
            return _("not employed")
        case _:
            return day_part(line.part.part, line.part.starts_minute, line.part.ends_minute)


def _shifts(line: DayLine) -> str:
    """Of a part of a day that is priced by them."""
    if not line.shifts:
        return ""
    times = ", ".join(f"{hours(one)}–{hours(other % DAY_MINUTES)}" for one, other in line.shifts)
    return ngettext("shift %(times)s", "shifts %(times)s", len(line.shifts), times=times)


def signed(value: int, kind: TypeFacts) -> str:
    """A movement with its sign: +25 days, −1.5 days."""
    return f"+{amount(value, kind)}" if value > 0 else amount(value, kind)


_BY_ROSTER = {
    EntryKind.RELEASE: _l(
        "The roster of that day was published or changed: given back, and taken again by it."
    ),
    EntryKind.CONSUME: _l(
        "By the published roster: what your shift of that day takes, instead of an average day."
    ),
}
_DISPLACED = {
    EntryKind.RELEASE: _l("Another absence took the place of that day: exactly what had been taken for it."),
    EntryKind.CONSUME: _l("The other absence was taken back or ended earlier: taken again as before."),
    EntryKind.EXPIRE: _l("It had lapsed while another absence stood in its place."),
}
_BY_CAUSE = {DISPLACED: _DISPLACED, ROSTER_PUBLISHED: _BY_ROSTER}


def rule_sentences(row: LedgerRow) -> list[str]:
    """How the portal came to the amount of a row."""
    match row.kind:
        case EntryKind.GRANT:
            return _grant(row.rule, row.type)
        case kind if row.rule.name in _BY_CAUSE:
            return [str(_BY_CAUSE[row.rule.name][kind])]
        case EntryKind.CONSUME:
            return [_("Taken from what is usable through %(day)s.", day=day(row.bucket.usable_through))]
        case EntryKind.RELEASE if row.rule.name == HOLIDAY_ADDED:
            return [_("A public holiday was added: the day is free anyway.")]
        case EntryKind.RELEASE:
            return [_("Exactly what had been taken for that day.")]
        case _:
            return formula(row.rule, row.type.counting)


def _grant(rule: Rule, kind: TypeFacts) -> list[str]:
    if not rule.shares:
        return []
    said = [_("%(amount)s for a full year.", amount=amount(rule.yearly_amount, kind))]
    said += [_share(share) for share in rule.shares]
    if rule.exact.denominator != 1 or rule.exact % rule.grain:
        exact = exact_in(rule.exact, kind.counting)
        grain = amount(rule.grain, kind)
        match rule.rounding:
            case "up":
                said.append(
                    _("That is %(exact)s, rounded up to a multiple of %(grain)s.", exact=exact, grain=grain)
                )
            case "down":
                said.append(
                    _("That is %(exact)s, rounded down to a multiple of %(grain)s.", exact=exact, grain=grain)
                )
            case _:
                said.append(
                    _("That is %(exact)s, rounded to a multiple of %(grain)s.", exact=exact, grain=grain)
                )
    return said


def _share(share: GrantShare) -> str:
    facts = {"days": share.days, "of": share.days_in_year, "period": period(share.start_date, share.end_date)}
    if share.schedule == "1":
        return _("Employed on %(days)s of %(of)s days (%(period)s).", **facts)
    return _(
        "Employed on %(days)s of %(of)s days (%(period)s), working %(schedule)s of a full week.",
        schedule=share.schedule,
        **facts,
    )


def away_words(part: AwayPart) -> str:
    """Vacation, morning, requested."""
    said = [type_label(part.kind) if part.kind else _("Away")]
    if part.part is not Part.FULL:
        said.append(str(HALVES[part.part]))
    if not part.approved:
        said.append(_("requested"))
    if part.cover:
        said.append(_("covered by %(names)s", names=part.cover))
    return ", ".join(said)


def span(value: Span) -> str:
    """August 2026; Q3 2026; 2026."""
    if value.kind is SpanKind.MONTH:
        return month(value.first_month)
    if value.kind is SpanKind.YEAR:
        return str(value.first_month.year)
    return str(format_skeleton("yQQQ", value.first_day, locale=get_locale()))


def month(value: Month) -> str:
    """August 2026."""
    return str(format_skeleton("yMMMM", value.first_day, locale=get_locale()))
