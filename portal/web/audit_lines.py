"""Events of the log in words: for the page that draws them, by day, with links to what the reader may open, and for
files, which have no links.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _

from portal.db import UnitOfWork
from portal.services.audit_log import Change, LoggedEvent, LogPage
from portal.services.audit_names import Named, Names
from portal.services.audit_subjects import subject_of
from portal.services.audit_values import Kind
from portal.web.absence_words import period
from portal.web.audit_choices import choices_of
from portal.web.audit_columns import column_label, part_label
from portal.web.audit_facts import KINDS, VALUES, fact_label
from portal.web.audit_gone import gone
from portal.web.audit_groups import ALARMS, icon_of
from portal.web.audit_pages import page_name
from portal.web.audit_values import NOTHING, called, visible, written
from portal.web.audit_words import action_label
from portal.web.filters import day, weekday_date

#: More changes than these are folded away.
_MOST_OPEN = 3
#: Facts that only repeat what the subject says already.
_SAID_BY_SUBJECT = {
    "role_grant": {"role", "person"},
    "shift": {"code"},
    "team_membership": {"employee", "team"},
    "line_management": {"employee", "manager"},
    "employment": {"employee"},
    "employee": {"employee"},
}
_FOLDED = {"session", "sha256", "statement"}
#: Nothing joined and nobody left; a letter of no session.
_NO_NEWS: tuple[Any, ...] = ("", [], 0, None, "None")
#: Facts of an import that tell at once what was and what is.
_FROM_TO = {"line_manager", "line_manager_email", "role", "site", "team", "weekly_hours"}
#: The pages that things have: table, endpoint, and the name of the id in the address.
_PAGES = {
    "absence": ("absences.show", "absence_id"),
    "distribution": ("documents.details", "document_id"),
    "document": ("documents.details", "document_id"),
    "document_version": ("documents.details", "document_id"),
    "ledger_entry": ("absences.ledger", "employee_id"),
    "roster": ("rosters.show", "roster_id"),
    "shift": ("rosters.show", "roster_id"),
    "shift_template": ("rosters.edit_template", "template_id"),
}


@dataclass(frozen=True)
class Line:
    """A fact, or one value of a change: with `before` from what to what, `withheld` only that it changed."""

    label: str
    text: str = ""
    before: str | None = None
    withheld: bool = False


@dataclass(frozen=True)
class Linked:
    """A name, with the address of its page where there is one that the reader may open."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class EventLine:
    """One event. `person` is whose thing it was done to, `thing` what it was; either can be empty."""

    seq: int
    at: datetime
    version: str
    action: str
    icon: str
    alarm: bool
    actor: str
    email: str
    ip: str
    erased: bool
    person: Linked | None
    thing: Linked | None
    open_lines: list[Line]
    folded_lines: list[Line]


def by_day(uow: UnitOfWork, page: LogPage) -> list[tuple[str, list[EventLine]]]:
    """The events under the day on which they happened where the reader is."""
    zone = ZoneInfo(uow.actor.time_zone)
    lines = groupby(page.events, key=lambda event: event.at.astimezone(zone).date())
    return [
        (f"{weekday_date(date)} {date.year}", [line_of(uow, one, page.names) for one in events])
        for date, events in lines
    ]


def line_of(uow: UnitOfWork, event: LoggedEvent, names: Names, *, linked: bool = True) -> EventLine:
    """One event; without `linked` no address is asked for, so that a job can write it."""
    subject = subject_of(uow, event, names)
    removed = all(change.after is None for change in event.changes)
    changes = [
        _change(event, change, names, removed=removed)
        for change in event.changes
        if change.before != change.after
    ]
    created = all(change.before is None for change in event.changes) and not event.action.endswith(".changed")
    open_changes = [] if created or len(changes) > _MOST_OPEN else changes
    return EventLine(
        seq=event.seq,
        at=event.at,
        version=visible(event.version),
        action=action_label(event.action),
        icon=icon_of(event.action),
        alarm=event.action in ALARMS,
        actor=_actor(event),
        email=visible(event.email) if event.email else "",
        ip=visible(event.ip) if event.ip else "",
        erased=event.erased,
        person=_person(subject, linked=linked),
        thing=_thing(event, subject, linked=linked),
        open_lines=[*open_changes, *_facts(event, subject, names, folded=False)],
        folded_lines=[*([] if open_changes else changes), *_facts(event, subject, names, folded=True)],
    )


def _actor(event: LoggedEvent) -> str:
    """Who acted; without a person it was the portal, its operator, or somebody at the door."""
    if event.name == "Operator" and event.actor_id is None:
        return _("Operator")
    return visible(event.name) if event.name else _("Not signed in")


def _person(subject: Named | None, *, linked: bool) -> Linked | None:
    if subject is None or subject.person_id is None:
        return None
    opens = linked and subject.opens_person
    url = url_for("people.show", employee_id=subject.person_id) if opens else ""
    return Linked(visible(subject.person), url)


def _thing(event: LoggedEvent, subject: Named | None, *, linked: bool) -> Linked | None:
    if subject is None:
        return Linked(gone(event.subject_type)) if event.subject_type and not event.erased else None
    if subject.table == "employee":
        return None
    text = _title(subject)
    return Linked(text, _url(subject) if linked else "") if text else None


def _title(subject: Named) -> str:
    """What the thing is called beside whose it is."""
    match subject.table:
        case "absence" if subject.first and subject.last:
            return period(subject.first, subject.last)
        case "shift" if subject.first:
            return f"{visible(subject.text)}, {day(subject.first)}" if subject.text else day(subject.first)
        case "employment" if subject.first:
            return _("from %(day)s", day=day(subject.first))
        case "ledger_entry" if subject.first:
            return day(subject.first)
        case "document_version" if subject.key:
            return _(
                "%(title)s, version %(number)s", title=visible(subject.text), number=visible(subject.key)
            )
        case _:
            return called(subject) if subject.text or subject.table == "role_grant" else ""


def _url(subject: Named) -> str:
    endpoint, argument = _PAGES.get(subject.table, ("", ""))
    target = subject.target_id or subject.id
    if not (endpoint and subject.opens and target):
        return ""
    place: dict[str, Any] = {argument: target}
    return url_for(endpoint, **place)


def _change(event: LoggedEvent, change: Change, names: Names, *, removed: bool) -> Line:
    """From what to what; of a row that was removed only what it was."""
    where = (event.subject_type, change.column)
    label = visible(part_label(*where, change.part) if change.part else column_label(*where))
    if change.kind is Kind.WITHHELD:
        return Line(label, withheld=True)
    if change.kind is Kind.DAYS and _counts_hours(event, names):
        change = replace(change, kind=Kind.MINUTES)
    before, after = (_value(where, change, value, names) for value in (change.before, change.after))
    return Line(label, "" if removed else after, None if change.before is None else before)


def _counts_hours(event: LoggedEvent, names: Names) -> bool:
    """Whether the amounts of the thing are minutes: the type of absence says it."""
    subject = names.find(event.subject_type, event.subject_id)
    return subject is not None and subject.counts_hours


def _value(where: tuple[str, str], change: Change, value: Any, names: Names) -> str:
    choices = choices_of(*where)
    if isinstance(value, list) and choices and value:
        return visible(", ".join(str(choices.get(one, one)) for one in value))
    if change.kind is Kind.CHOICE and value in choices:
        return str(choices[value])
    return written(change.kind, value, names=names, table=change.names)


def _facts(event: LoggedEvent, subject: Named | None, names: Names, *, folded: bool) -> list[Line]:
    """The facts that stand open, or those that only a closer look needs."""
    said = _SAID_BY_SUBJECT.get(subject.table, set()) if subject is not None else set()
    return [
        Line(visible(fact_label(event.action, key)), *_told(key, value, names))
        for key, value in sorted(event.facts.items())
        if key not in said and value not in _NO_NEWS and (key in _FOLDED) is folded
    ]


def _told(key: str, value: Any, names: Names) -> tuple[str, str | None]:
    """What a fact says, and what it said before; an import tells both at once."""
    if key in _FROM_TO and isinstance(value, list) and len(value) == 2:
        before, after = (_fact(key, one, names) for one in value)
        return after, None if before == NOTHING else before
    return _fact(key, value, names), None


def _fact(key: str, value: Any, names: Names) -> str:
    if isinstance(value, str) and value in VALUES.get(key, {}):
        return str(VALUES[key][value])
    if isinstance(value, list) and key in VALUES:
        return ", ".join(_fact(key, one, names) for one in value)
    if key == "path" and isinstance(value, str):
        return visible(page_name(value))
    kind = KINDS.get(key, Kind.TEXT)
    return written(kind, value, names=names, table="employee" if kind is Kind.REFERENCE else "")
