"""What somebody typed into a sensitive form while a fresh proof was missing: kept until they have given it.

One form for each session, sealed with the company's key, for a quarter of an hour. Secrets are never among it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update

from portal.db import UnitOfWork
from portal.models.identity import SignInSession
from portal.services import sealing

_LIFETIME = timedelta(minutes=15)
#: A longer form is not kept; its owner is told so.
_LONGEST = 64 * 1024
_COLUMN = "kept_form_sealed"


@dataclass(frozen=True)
class KeptForm:
    """Where it was sent to, the page it stood on, its fields in their order, and the secrets to type again."""

    address: str
    page: str
    fields: Sequence[tuple[str, str]]
    secrets: Sequence[str]


def keep(uow: UnitOfWork, form: KeptForm) -> bool:
    """Keeps it in place of an earlier one; False when it is too long, or when nobody's session is there."""
    text = json.dumps([form.address, form.page, list(form.fields), list(form.secrets)])
    session_id = uow.request.session_id
    if session_id is None or len(text) > _LONGEST:
        return False
    sealed = sealing.seal(uow, text, row=SignInSession, column=_COLUMN, row_id=session_id)
    _write(uow, kept_form_sealed=sealed, kept_form_until=uow.clock.now() + _LIFETIME)
    return True


def find(uow: UnitOfWork) -> KeptForm | None:
    """The form of this session, as long as it is kept."""
    row = uow.session.execute(
        select(SignInSession.id, SignInSession.kept_form_sealed).where(
            SignInSession.id == uow.request.session_id,
            SignInSession.kept_form_until > uow.clock.now(),
        )
    ).one_or_none()
    if row is None or row.kept_form_sealed is None:
        return None
    text = sealing.open_text(uow, row.kept_form_sealed, row=SignInSession, column=_COLUMN, row_id=row.id)
    address, page, fields, secrets = json.loads(text)
    return KeptForm(address, page, [(name, value) for name, value in fields], secrets)


def forget(uow: UnitOfWork) -> None:
    """It has been sent, or is not wanted any more."""
    _write(uow, kept_form_sealed=None, kept_form_until=None)


def _write(uow: UnitOfWork, **values: object) -> None:
    uow.session.execute(
        update(SignInSession)
        .where(SignInSession.id == uow.request.session_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
