"""What contracts and sites say about a person's dates: scheduled minutes and public holidays.

It reads; employments are written by the people services, holidays computed in integrations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select

from portal.db import UnitOfWork
from portal.domain.absence_costs import Cost, CountingMethod, Shifts, cost_of
from portal.domain.holidays import FreeTime, PublicHoliday, free_time
from portal.domain.months import days_between
from portal.domain.periods import DayPart
from portal.domain.working_patterns import EmploymentTerms, day_shifts, day_worth, scheduled_minutes, terms_on
from portal.models.employee import Employment
from portal.models.team import Site
from portal.services.holiday_book import book_of, keep_book, region_of_person
from portal.services.holiday_days import Region
from portal.services.holiday_rows import DECIDED
from portal.services.rostered_time import with_rosters


@dataclass(frozen=True)
class WorkingTime:
    """One person's dates within a stretch of time."""

    employments: tuple[EmploymentTerms, ...]
    #: The holidays of the site where the person works on that date, or what is agreed with them.
    holidays: Mapping[date, tuple[PublicHoliday, ...]]
    #: Where the person works by each contract, so that other dates can be asked about without reading it again.
    regions: Mapping[EmploymentTerms, Region]

    def scheduled(self, day: date) -> int:
        return scheduled_minutes(self.employments, day)

    def worth(self, day: date) -> int:
        return day_worth(self.employments, day)

    def shifts(self, day: date) -> Shifts:
        return day_shifts(self.employments, day)

    def flexible(self, day: date) -> tuple[int, int] | None:
        """Agreed and possible days a week, where the date is an average day of a flexible week."""
        terms = terms_on(self.employments, day)
        if terms is None or terms.pattern.agreed_days is None or (terms.by_roster and day in terms.rostered):
            return None
        return terms.pattern.agreed_days, terms.pattern.possible_days

    def employed(self, day: date) -> bool:
        return terms_on(self.employments, day) is not None

    def cost_of(self, parts: Iterable[DayPart], method: CountingMethod) -> Cost:
        """What these parts of days cost the person; refused when that is nothing, or one is there twice."""
        return cost_of(
            parts,
            scheduled=self.scheduled,
            holidays=self.free,
            method=method,
            worth=self.worth,
            shifts=self.shifts,
        )

    @property
    def free(self) -> dict[date, FreeTime]:
        return free_time(one for found in self.holidays.values() for one in found)


def working_time(uow: UnitOfWork, employee_id: UUID, start_date: date, end_date: date) -> WorkingTime:
    """The person's contracts, and the holidays of their site on each date of the stretch."""
    regions: dict[EmploymentTerms, Region] = {}
    for employment, country, subdivision in uow.session.execute(_contracts(employee_id)):
        regions[terms_in(employment)] = region_of_person(
            uow, employee_id, country, subdivision, employment.site_id
        )
    return _within(uow, employee_id, regions, start_date, end_date)


def working_time_beside(
    uow: UnitOfWork, employee_id: UUID, start_date: date, end_date: date, beside: ColumnElement[Any]
) -> tuple[WorkingTime, Any]:
    """The same with the company's holidays and another value in one statement; the value is None without a contract."""
    regions: dict[EmploymentTerms, Region] = {}
    value = None
    query = _contracts(employee_id).add_columns(DECIDED, beside)
    for employment, country, subdivision, decided, found in uow.session.execute(query):
        if not regions:
            keep_book(uow, decided)
            value = found
        regions[terms_in(employment)] = region_of_person(
            uow, employee_id, country, subdivision, employment.site_id
        )
    return _within(uow, employee_id, regions, start_date, end_date), value


def on_other_dates(
    uow: UnitOfWork, employee_id: UUID, time: WorkingTime, start_date: date, end_date: date
) -> WorkingTime:
    """The same person's other stretch. No statement, but for those who work by rosters."""
    return _within(uow, employee_id, time.regions, start_date, end_date)


def _contracts(employee_id: UUID) -> Select[Employment, str | None, str | None]:
    return (
        select(Employment, Site.country, Site.subdivision)
        .outerjoin(Site, Site.id == Employment.site_id)
        .where(Employment.employee_id == employee_id)
        .order_by(Employment.start_date)
    )


def _within(
    uow: UnitOfWork,
    employee_id: UUID,
    regions: Mapping[EmploymentTerms, Region],
    start_date: date,
    end_date: date,
) -> WorkingTime:
    found: dict[date, tuple[PublicHoliday, ...]] = {}
    years: dict[tuple[Region, int], dict[date, tuple[PublicHoliday, ...]]] = {}
    for day in days_between(start_date, end_date):
        terms = terms_on(regions, day)
        if terms is None:
            continue
        key = regions[terms], day.year
        if key not in years:
            years[key] = holidays_in(uow, regions[terms], [day.year])
        if day in years[key]:
            found[day] = years[key][day]
    own = with_rosters(uow, {employee_id: list(regions)}, start_date, end_date)[employee_id]
    return WorkingTime(tuple(own), found, regions)


def terms_of(
    uow: UnitOfWork, employee_ids: Iterable[UUID], stretch: tuple[date, date] | None = None
) -> dict[UUID, list[EmploymentTerms]]:
    """The contracts of many people in one query; nobody is missing, though some lists may be empty.

    With a `stretch` also what rosters say of its days, for those who work by them.
    """
    found: dict[UUID, list[EmploymentTerms]] = {employee_id: [] for employee_id in employee_ids}
    query = select(Employment).where(Employment.employee_id.in_(found)).order_by(Employment.start_date)
    for employment in uow.session.scalars(query):
        found[employment.employee_id].append(terms_in(employment))
    return with_rosters(uow, found, *stretch) if stretch else found


def holidays_in(
    uow: UnitOfWork, region: Region, years: Iterable[int]
) -> dict[date, tuple[PublicHoliday, ...]]:
    """By date, named in the reader's language. A region without a known calendar has only the company's own days."""
    book = book_of(uow)
    found: dict[date, tuple[PublicHoliday, ...]] = {}
    for year in sorted(set(years)):
        for line in book.lines(region, year, uow.actor.language):
            if not line.worked:
                holiday = PublicHoliday(line.date, line.name, line.part, line.starts_minute, line.ends_minute)
                found[line.date] = (*found.get(line.date, ()), holiday)
    return found


def terms_in(employment: Employment) -> EmploymentTerms:
    """What a row agrees on."""
    return EmploymentTerms(
        employment.start_date,
        employment.end_date,
        employment.working_pattern,
        employment.site_id,
        employment.by_roster,
    )
