"""A company of people who are signed in, with a manager, days to take, and what each of them does all day."""

from __future__ import annotations

import http.client
import random
import threading
import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.actors import CompanyFacts
from portal.app import Staffroom
from portal.db import UnitOfWork
from portal.models import Employee
from portal.services import sessions
from scripts.pentest.visitor import Visitor
from tests.factories.absences import grant, vacation
from tests.factories.companies import make_company, work
from tests.factories.people import identity_of, make_employee

#: An answer that says that it was done, now or by an earlier try.
_DONE, _OVERTAKEN = 303, {409, 422}
_AGAIN = {429, 500, 502, 503, 504}
_TRY_FOR = 120
#: From the first of February on: weeks without a holiday, on which nobody can take a day.
_DAYS = 45


@dataclass(frozen=True)
class Crowd:
    """Names of people, and the session cookie of each."""

    company: CompanyFacts
    vacation: UUID
    tokens: dict[str, str]
    year: int


@dataclass
class Deeds:
    """What was answered with yes: the portal may forget none of it, and do none of it twice."""

    asked: set[UUID] = field(default_factory=set)
    withdrawn: set[UUID] = field(default_factory=set)
    odd: list[str] = field(default_factory=list)
    requests: int = 0
    tries: int = 0
    seconds: list[float] = field(default_factory=list)


def together(deeds: list[Deeds]) -> Deeds:
    """What all of them were promised."""
    return Deeds(
        asked={key for one in deeds for key in one.asked},
        withdrawn={key for one in deeds for key in one.withdrawn},
    )


def gather(staffroom: Staffroom, people: int) -> Crowd:
    company = make_company(staffroom, "acme", "Acme")
    year = staffroom.clock.now().year + 1
    tokens: dict[str, str] = {}
    with work(staffroom, company) as uow:
        manager = _person(uow, "boss", tokens)
        for number in range(people):
            _person(uow, f"p{number}", tokens, line_manager=manager)
        uow.session.flush()
        grant(uow, *uow.session.scalars(select(Employee.id)), years=(year,))
        kind = vacation(uow).id
    return Crowd(company, kind, tokens, year)


def busy(
    crowd: Crowd,
    name: str,
    visitor: Visitor,
    stop: threading.Event,
    deeds: Deeds,
    *,
    think: float,
    looks: tuple[str, ...] = (),
) -> None:
    """Asks for a day, looks around, takes the day back, and again; what is not answered is sent again as it was."""
    chance = random.Random(name)  # noqa: S311 - so that a round can be had again
    while not stop.is_set():
        key, day = uuid4(), _working_day(crowd.year, chance.randrange(_DAYS))
        form = {
            "key": str(key),
            "absence_type_id": str(crowd.vacation),
            "start_date": str(day),
            "first_part": "full",
            "end_date": str(day),
            "last_part": "full",
            "note": "",
        }
        if _insist(visitor, "/c/acme/absences", form, deeds, again=False):
            deeds.asked.add(key)
            for path in looks:
                stop.wait(chance.uniform(0, think))
                _look(visitor, path, deeds)
            if _insist(visitor, f"/c/acme/absences/{key}/withdrawal", {"version": "1"}, deeds, again=True):
                deeds.withdrawn.add(key)
        stop.wait(chance.uniform(0, think))


def _insist(visitor: Visitor, path: str, form: dict[str, str], deeds: Deeds, *, again: bool) -> bool:
    """Sends the form until there is an answer. `again`: an answer that it was overtaken means an earlier try was."""
    end, tries = time.monotonic() + _TRY_FOR, 0
    while time.monotonic() < end:
        tries += 1
        begun = time.monotonic()
        try:
            status = visitor.post(path, form).status
        except (OSError, http.client.HTTPException, RuntimeError):
            status = 0
        deeds.requests += 1
        if status == _DONE:
            deeds.seconds.append(time.monotonic() - begun)
            return True
        if again and tries > 1 and status in _OVERTAKEN:
            return True
        if status and status not in _AGAIN:
            deeds.odd.append(f"{path}: {status}")
            return False
        deeds.tries += 1
        visitor._form_token = None
        time.sleep(0.2)
    deeds.odd.append(f"{path}: no answer")
    return False


def _look(visitor: Visitor, path: str, deeds: Deeds) -> None:
    begun = time.monotonic()
    try:
        status = visitor.get(path).status
    except (OSError, http.client.HTTPException):
        status = 0
    deeds.requests += 1
    deeds.seconds.append(time.monotonic() - begun)
    if status != 200:
        deeds.odd.append(f"{path}: {status}")


def _working_day(year: int, number: int) -> date:
    day = date(year, 2, 1) + timedelta(days=number)
    return day + timedelta(days=(7 - day.weekday()) % 7) if day.weekday() > 4 else day


def _person(
    uow: UnitOfWork, name: str, tokens: dict[str, str], *, line_manager: Employee | None = None
) -> Employee:
    person = make_employee(uow, f"{name}@acme.example", name.capitalize(), "Busy", line_manager=line_manager)
    uow.session.flush()
    session, tokens[name] = sessions.start(uow, identity_of(uow, person.id), browser="faults", complete=True)
    session.second_factor_at = uow.clock.now()
    return person
