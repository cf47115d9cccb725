"""Tells everybody who may manage the sign-in that it was changed: a stolen session must not do so in silence."""

from __future__ import annotations

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.models.employee import Employee
from portal.services import outbox, sign_in_policy, written_moments


def tell_managers(uow: UnitOfWork) -> None:
    """One mail each, the one who did it included."""
    ids = [one.id for one in sign_in_policy.candidates(uow)]
    for person in uow.session.scalars(select(Employee).where(Employee.id.in_(ids))):
        outbox.queue_mail(
            uow,
            person,
            "sign_in_settings_changed",
            actor_name=uow.actor.name,
            changed_at=written_moments.for_letter(uow, person, uow.clock.now()),
            link=f"{uow.outside.url}/c/{uow.company.slug}/settings/sign-in",
        )
