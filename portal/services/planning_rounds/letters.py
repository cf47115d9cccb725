"""Letters of planning rounds: one to each person, when it opens, before its deadline, and of what was decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from portal.db import UnitOfWork
from portal.domain.planning_rounds import REMINDED_BEFORE, Outcome
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee
from portal.models.planned_absence import PlannedAbsence
from portal.models.planning_round import PlanningRound
from portal.services import outbox
from portal.services.absence_letters import period, type_name, written_date

__all__ = ["OPENED", "REMINDED", "REMINDED_BEFORE", "UNDONE", "tell", "tell_decided"]
OPENED, REMINDED, UNDONE = "planning_opened", "planning_reminder", "planning_undone"
#: What became of wishes: the wish, its type, whether it was granted.
Decided = Sequence[tuple[PlannedAbsence, AbsenceType, bool]]


def tell(uow: UnitOfWork, row: PlanningRound, people: Iterable[Employee], template: str) -> int:
    """The same words to each; how many letters."""
    count = 0
    for person in people:
        count += 1
        outbox.queue_mail(
            uow,
            person,
            template,
            round_name=row.name,
            period=period(row.start_date, row.end_date, person.language),
            deadline=written_date(row.deadline, person.language),
            link=_link(uow),
        )
    return count


def tell_decided(
    uow: UnitOfWork, row: PlanningRound, people: Mapping[UUID, Employee], decided: Mapping[UUID, Decided]
) -> None:
    """All of a person's wishes in one letter. Whoever has published it knows."""
    for person_id, several in decided.items():
        person = people.get(person_id)
        if person is None or not person.active:
            continue
        outbox.queue_mail(
            uow,
            person,
            "planning_decided",
            round_name=row.name,
            decided_by=uow.actor.name,
            waits=row.outcome is Outcome.REQUESTS,
            granted=[_written(wish, kind, person.language) for wish, kind, yes in several if yes],
            refused=[_written(wish, kind, person.language) for wish, kind, yes in several if not yes],
            link=_link(uow),
        )


def _written(wish: PlannedAbsence, kind: AbsenceType, language: str) -> str:
    return f"{period(wish.start_date, wish.end_date, language)} ({type_name(kind, language)})"


def _link(uow: UnitOfWork) -> str:
    return f"{uow.outside.url}/c/{uow.company.slug}/absences"
