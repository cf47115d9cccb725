"""Whether the company has approvers reminded by SMS, within which hours, and how many a day."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.domain.reminders import MOST_TEXTS_A_DAY, TEXT_HOURS
from portal.models.company import Company
from portal.services import audit


@dataclass(frozen=True)
class TextSettings:
    """As the page shows them. `until`: the hour from which nothing goes out any more."""

    on: bool
    first_hour: int
    end_hour: int
    a_day: int


def current(uow: UnitOfWork) -> TextSettings:
    """As they stand."""
    company = uow.session.scalars(select(Company).where(Company.id == uow.company.id)).one()
    return TextSettings(
        on=company.approval_texts,
        first_hour=company.approval_texts_from,
        end_hour=company.approval_texts_until,
        a_day=company.approval_texts_a_day,
    )


def change(uow: UnitOfWork, wanted: TextSettings) -> None:
    """Writes them; they count from the next hour on."""
    if uow.actor.support is not None:  # their database role may not write these columns
        raise Refusal(Reason.NOT_PERMITTED)
    _check(wanted)
    company = uow.session.scalars(select(Company).where(Company.id == uow.company.id).with_for_update()).one()
    company.approval_texts = wanted.on
    company.approval_texts_from = wanted.first_hour
    company.approval_texts_until = wanted.end_hour
    company.approval_texts_a_day = wanted.a_day
    audit.record(uow, audit.Action.APPROVAL_TEXTS_CHANGED, subject=company)


def _check(wanted: TextSettings) -> None:
    earliest, latest = TEXT_HOURS
    if not earliest <= wanted.first_hour < latest:
        raise Refusal(Reason.NUMBER_OUT_OF_RANGE, field="first_hour")
    if not wanted.first_hour < wanted.end_hour <= latest:
        raise Refusal(Reason.TEXT_HOURS_EMPTY, field="end_hour")
    if not 1 <= wanted.a_day <= MOST_TEXTS_A_DAY:
        raise Refusal(Reason.NUMBER_OUT_OF_RANGE, field="a_day")
