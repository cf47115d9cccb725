"""Compares a file of people with the company: who is new, what changes, what is wrong. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from portal.db import UnitOfWork
from portal.domain.people_import import (
    Column,
    ImportPlan,
    ImportProblem,
    ImportRow,
    KnownKeys,
    RowError,
    cells,
    plan_import,
)
from portal.domain.people_import.managers import ManagerLink, manager_errors
from portal.domain.permissions import Permission, Reach, combine, covers, may_grant
from portal.domain.refusals import Reason, Refusal
from portal.models.employee import Employee
from portal.services import access, custom_values, people, sealing
from portal.services.people_import.outcome import Change, ChangedPerson, NewPerson, Outcome
from portal.services.people_import.planned_circles import planned_circles
from portal.services.people_import.present import PersonNow, Present, read_present

#: Stands for a number that is sealed; previews show neither the old one nor the new one.
HIDDEN = "•••"


def preview(uow: UnitOfWork, data: bytes) -> Outcome:
    """What the file would do here. The command line imports for the operator, the page for whoever may."""
    if uow.actor.employee_id and not access.can(uow, Permission.EMPLOYEE_IMPORT, Reach.COMPANY):
        raise Refusal(Reason.NOT_PERMITTED)
    present = read_present(uow)
    plan = plan_import(
        data,
        existing_emails=present.by_email,
        existing_managers=present.managers,
        known=KnownKeys(roles=present.roles, fields=present.fields),
    )
    return _Comparison(uow, present, plan).outcome()


class _Comparison:
    """One run over the rows; errors gather on the way."""

    def __init__(self, uow: UnitOfWork, present: Present, plan: ImportPlan) -> None:
        self._uow = uow
        self._present = present
        self._plan = plan
        self._errors = list(plan.errors)
        self._claimed: dict[object, int] = {}

    def outcome(self) -> Outcome:
        new: list[NewPerson] = []
        changed: list[ChangedPerson] = []
        unchanged = 0
        renamed: dict[str, str] = {}
        for row, person in list(self._matched()):
            self._check_role(row, person)
            phone = self._phone(row)
            if person is None:
                new.append(NewPerson(row, phone))
                continue
            if person.email != row.email:
                self._check_email(row, person)
                renamed[person.email] = row.email
            changes = tuple(self._changes(row, person, phone))
            if changes:
                changed.append(ChangedPerson(row, phone, person.id, changes))
            else:
                unchanged += 1
        self._check_circles(renamed)
        self._check_later_circles(new, changed)
        rows = [one.row for one in new] + [one.row for one in changed]
        return Outcome(
            new=tuple(new),
            changed=tuple(changed),
            unchanged=unchanged,
            new_teams=_missing((name for row in rows for name in row.teams), self._present.teams),
            new_sites=_missing((row.site for row in rows if row.site), self._present.sites),
            errors=tuple(sorted(self._errors, key=lambda error: error.row)),
            ignored_columns=self._plan.ignored_columns,
        )

    def _matched(self) -> Iterator[tuple[ImportRow, PersonNow | None]]:
        """Each row with the person it means: found by e-mail, else by employee number, else new."""
        for row in self._plan.rows:
            if person := self._present.by_email.get(row.email):
                self._claimed[person.id] = row.row
        for row in self._plan.rows:
            by_email = self._present.by_email.get(row.email)
            by_number = self._present.by_number.get(row.employee_number or "")
            taken = by_number is not None and (
                by_number is not by_email if by_email else by_number.id in self._claimed
            )
            if taken:
                self._wrong(
                    row, Column.EMPLOYEE_NUMBER, ImportProblem.EMPLOYEE_NUMBER_TAKEN, row.employee_number
                )
            else:
                yield row, by_email or by_number

    def _changes(self, row: ImportRow, person: PersonNow, phone: str | None) -> Iterator[Change]:
        """What the row says otherwise; an empty cell says nothing, and nobody is brought back by a file."""
        yield from _plain_changes(row, person)
        if phone and phone != self._known_phone(person):
            yield Change(Column.PHONE, HIDDEN if person.phone_sealed else "", HIDDEN)
        yield from self._own_changes(row, person)
        if not person.active:
            return
        if row.line_manager_email and row.line_manager_email != person.manager_email:
            yield Change(Column.LINE_MANAGER_EMAIL, person.manager_email or "", row.line_manager_email)
        if row.teams and _folded(row.teams) != _folded(person.teams):
            yield Change(Column.TEAM, "; ".join(sorted(person.teams)), "; ".join(row.teams))
        if row.site and row.site.casefold() != (person.site or "").casefold():
            yield Change(Column.SITE, person.site or "", row.site)
        if row.weekly_minutes is not None and row.weekly_minutes != person.weekly_minutes:
            yield Change(Column.WEEKLY_HOURS, _hours(person.weekly_minutes), _hours(row.weekly_minutes))
        if row.pattern is not None and row.pattern != person.pattern:
            before = cells.working_days_text(person.pattern) if person.pattern else ""
            yield Change(Column.WORKING_DAYS, before, cells.working_days_text(row.pattern))
        if row.by_roster is not None and row.by_roster is not person.by_roster:
            before, after = map(cells.yes_or_no_text, (person.by_roster, row.by_roster))
            yield Change(Column.BY_ROSTER, before, after)
        if row.role and row.role not in person.roles:
            yield Change(Column.ROLE, "", row.role)

    def _own_changes(self, row: ImportRow, person: PersonNow) -> Iterator[Change]:
        """Values of the company's own fields; sealed ones are compared and not shown."""
        fields = {field.id: field for field in self._present.fields}
        for field_id, after in row.values:
            field, held = fields[field_id], self._present.values.get((person.id, field_id))
            before = custom_values.open_value(self._uow, held) if held else ""
            if field.is_sealed and before != after:
                yield Change(field.name, HIDDEN if before else "", HIDDEN)
            elif before != after:
                yield Change(field.name, before, after)

    def _check_role(self, row: ImportRow, person: PersonNow | None) -> None:
        """A file gives no role that its importer could not give by hand (T90)."""
        if not row.role or self._uow.actor.employee_id is None or (person and row.role in person.roles):
            return
        if not may_grant(self._uow.actor.grants, self._present.roles[row.role][1]):
            self._wrong(row, Column.ROLE, ImportProblem.ROLE_ABOVE_OWN, row.role)

    def _check_email(self, row: ImportRow, person: PersonNow) -> None:
        """As in roles.refuse_above_own: whoever receives somebody's mail can sign in as them (T90)."""
        held = combine(*(self._present.roles[key][1] for key in person.roles))
        if self._uow.actor.employee_id and not covers(self._uow.actor.grants, held):
            self._wrong(row, Column.EMAIL, ImportProblem.EMAIL_ABOVE_OWN, row.email)

    def _phone(self, row: ImportRow) -> str | None:
        if not row.phone:
            return None
        try:
            return people.normalised_phone(self._uow, row.phone)
        except Refusal:
            self._wrong(row, Column.PHONE, ImportProblem.INVALID_PHONE, row.phone)
            return None

    def _known_phone(self, person: PersonNow) -> str:
        """Compared only, never shown."""
        if person.phone_sealed is None:
            return ""
        return sealing.open_text(
            self._uow, person.phone_sealed, row=Employee, column="phone_sealed", row_id=person.id
        )

    def _check_circles(self, renamed: dict[str, str]) -> None:
        """Circles that show only once changed addresses are followed."""
        if not renamed:
            return
        links = [
            ManagerLink(row.row, row.email, renamed.get(manager, manager) if manager else None)
            for row in self._plan.rows
            for manager in [row.line_manager_email]
        ]
        managers = {
            renamed.get(led, led): renamed.get(leads, leads) for led, leads in self._present.managers.items()
        }
        emails = {*self._present.by_email, *renamed.values()}
        known = set(self._errors)
        found = manager_errors(links, existing_emails=emails, existing_managers=managers)
        self._errors += [error for error in found if error not in known]

    def _check_later_circles(self, new: list[NewPerson], changed: list[ChangedPerson]) -> None:
        """What is a circle today already is named as that, and not a second time."""
        named = {error.row for error in self._errors if error.problem is ImportProblem.MANAGER_CYCLE}
        found = planned_circles(self._uow, self._present, new, changed)
        self._errors += [error for error in found if error.row not in named]

    def _wrong(self, row: ImportRow, column: Column, problem: ImportProblem, value: str | None) -> None:
        self._errors.append(RowError(row.row, column, problem, value or ""))


def _plain_changes(row: ImportRow, person: PersonNow) -> Iterator[Change]:
    pairs = (
        (Column.EMAIL, person.email, row.email),
        (Column.FIRST_NAME, person.first_name, row.first_name),
        (Column.LAST_NAME, person.last_name, row.last_name),
        (Column.EMPLOYEE_NUMBER, person.employee_number, row.employee_number),
        (Column.JOB_TITLE, person.job_title, row.job_title),
        (Column.LANGUAGE, person.language, row.language),
    )
    for column, before, after in pairs:
        if after and after != before:
            yield Change(column, before or "", after)


def _missing(names: Iterator[str], known: Mapping[str, UUID]) -> tuple[str, ...]:
    """Names that the company does not have, each once, as they are spelled first."""
    found: dict[str, str] = {}
    for name in names:
        if name.casefold() not in known:
            found.setdefault(name.casefold(), name)
    return tuple(sorted(found.values(), key=str.casefold))


def _folded(names: Iterable[str]) -> set[str]:
    return {name.casefold() for name in names}


def _hours(minutes: int | None) -> str:
    return "" if minutes is None else f"{minutes // 60}:{minutes % 60:02d}"
