"""What stands before a company's door: the buttons of its providers, and whether a password opens anything."""

from __future__ import annotations

from dataclasses import dataclass

from portal.db import UnitOfWork
from portal.services import sign_in_policy
from portal.services.sso import provider_lines
from portal.services.sso.provider_lines import Button


@dataclass(frozen=True)
class Door:
    """As anybody sees it. `sso_required`: only the emergency admin comes in by password."""

    buttons: list[Button]
    sso_required: bool


def look(uow: UnitOfWork) -> Door:
    """Reads it; it says nothing about any person."""
    return Door(provider_lines.buttons(uow), sign_in_policy.current(uow).sso_required)
