"""Keeps an uploaded file between its preview and the yes: sealed, in the form itself, for one hour.

The form holds the file closed with the company's key and bound to whoever uploaded it, so it can be neither
read nor exchanged on the way, and nothing is left lying about when nobody confirms.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.integrations.keys.company import SealBroken
from portal.models.employee import Employee
from portal.services import sealing

KEPT_FOR = timedelta(hours=1)
#: What a form may carry (MAX_FORM_MEMORY_SIZE) less its other fields.
_LONGEST_TOKEN = 1_900_000
_COLUMN = "import_file"


@dataclass(frozen=True)
class KeptFile:
    """The file as it was uploaded, and the digest of the outcome that was shown."""

    data: bytes
    digest: str


def seal_file(uow: UnitOfWork, data: bytes, digest: str) -> str:
    """The file as text for a hidden field."""
    head = json.dumps({"digest": digest, "until": (uow.clock.now() + KEPT_FOR).isoformat()}).encode()
    packed = zlib.compress(len(head).to_bytes(2) + head + data, level=6)
    sealed = sealing.seal(uow, packed, row=Employee, column=_COLUMN, row_id=_uploader(uow))
    token = base64.urlsafe_b64encode(sealed).decode()
    if len(token) > _LONGEST_TOKEN:
        raise Refusal(Reason.IMPORT_TOO_LARGE, field="file")
    return token


def open_file(uow: UnitOfWork, token: str) -> KeptFile:
    """The file that this person sealed within the last hour; anything else is an old form."""
    try:
        sealed = base64.urlsafe_b64decode(token.encode("ascii", "replace"))
        packed = sealing.open_bytes(uow, sealed, row=Employee, column=_COLUMN, row_id=_uploader(uow))
    except (SealBroken, binascii.Error):
        raise Refusal(Reason.FORM_EXPIRED) from None
    content = zlib.decompress(packed)
    length = int.from_bytes(content[:2])
    head = json.loads(content[2 : 2 + length])
    if datetime.fromisoformat(head["until"]) < uow.clock.now():
        raise Refusal(Reason.FORM_EXPIRED)
    return KeptFile(content[2 + length :], head["digest"])


def _uploader(uow: UnitOfWork) -> UUID:
    if uow.actor.employee_id is None:
        raise Refusal(Reason.NOT_PERMITTED)
    return uow.actor.employee_id
