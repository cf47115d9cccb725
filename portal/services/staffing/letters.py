"""What a letter that asks for a decision says of the rules of staffing which a yes would break."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from babel.dates import format_date
from babel.numbers import format_decimal
from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.periods import DayPart
from portal.domain.staffing import PERSON, Effect
from portal.models.absence import Absence, AbsencePart
from portal.models.absence_type import AbsenceType
from portal.models.staffing import StaffingRule
from portal.services.staffing import checks
from portal.services.staffing.checks import Breach

#: So many days a letter names.
_NAMED = 8


@dataclass(frozen=True)
class Warned:
    """The days, and whether a yes needs somebody who has ticked them and says why: not by a link in a letter."""

    breaches: Sequence[Breach] = ()

    @property
    def only_in_portal(self) -> bool:
        return any(one.rule.rule.effect is not Effect.INFO for one in self.breaches)

    def written(self, language: str) -> dict[str, object]:
        """For the letter, in its language."""
        return {
            "broken": [_written(one, language) for one in self.breaches[:_NAMED]],
            "broken_more": max(0, len(self.breaches) - _NAMED),
            "only_in_portal": self.only_in_portal,
        }


def warned(uow: UnitOfWork, absence: Absence, kind: AbsenceType) -> Warned:
    """What approving it now would break; a company without rules pays for one small question."""
    if kind.at_work or not uow.session.scalar(select(StaffingRule.id).limit(1)):
        return Warned()
    return Warned(checks.caused(uow, absence.employee_id, _parts(uow, absence.id), kind.id))


def _parts(uow: UnitOfWork, absence_id: UUID) -> list[DayPart]:
    query = select(AbsencePart).where(AbsencePart.absence_id == absence_id, AbsencePart.live)
    return [
        DayPart(row.date, row.part, row.starts_minute, row.ends_minute) for row in uow.session.scalars(query)
    ]


def _written(breach: Breach, language: str) -> dict[str, str]:
    count = breach.count
    numbers = {
        "present": count.present,
        "expected": count.expected,
        "away": count.away,
        "waiting": count.waiting,
    }
    return {
        "day": str(
            format_date(breach.date, "EEE d MMM y" if language == "en" else "EEE d. M. y", locale=language)
        ),
        "rule": breach.rule.name,
        "blocks": "1" if breach.rule.rule.effect is Effect.BLOCK else "",
        **{name: str(format_decimal(amount / PERSON, locale=language)) for name, amount in numbers.items()},
    }
