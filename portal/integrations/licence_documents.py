"""A licence as a file: JSON with an Ed25519 signature over all of its fields. Whether it counts is not decided here.

docs/billing.md says the same for whoever reads or makes one without the portal.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from portal.domain.licence_files import Terms, Verdict
from portal.integrations.signatures import Signer, key_id, verifies

FORMAT, VERSION = "staffroom-licence", 1
#: A file that is longer is none.
LONGEST = 8192
_LONGEST_TEXT = 100
_MOST_PERSONS = 1_000_000
_FIELDS = {
    "format",
    "version",
    "number",
    "company",
    "deployment",
    "plan",
    "persons",
    "valid_from",
    "valid_until",
    "issued_at",
    "issuer",
    "signature",
}


class LicenceFileRefused(Exception):
    """Not a licence of an issuer that counts here; `verdict` says what it is instead."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.value)
        self.verdict = verdict


def write(terms: Terms, signer: Signer) -> str:
    """The text of the file, signed by this installation."""
    told = {
        "format": FORMAT,
        "version": VERSION,
        "number": str(terms.number),
        "company": terms.company,
        "deployment": terms.deployment,
        "plan": terms.plan,
        "persons": terms.persons,
        "valid_from": terms.valid_from.isoformat(),
        "valid_until": terms.valid_until.isoformat(),
        "issued_at": terms.issued_at.isoformat(timespec="seconds"),
        "issuer": key_id(signer.public),
    }
    text = json.dumps({**told, "signature": signer.sign(_signed(told))}, indent=2, ensure_ascii=False) + "\n"
    read(text, [signer.public])  # what nobody could install is not handed out
    return text


def read(text: str, keys: Sequence[str]) -> Terms:
    """What the file says, when one of these public keys signed it; else raises LicenceFileRefused."""
    told = _fields(text)
    key = next((one for one in keys if key_id(one) == told["issuer"]), None)
    if key is None:
        raise LicenceFileRefused(Verdict.UNKNOWN_ISSUER)
    signature = told.pop("signature")
    if not isinstance(signature, str) or not verifies(key, _signed(told), signature):
        raise LicenceFileRefused(Verdict.FORGED)
    try:
        return _terms(told)
    except (ValueError, TypeError, AttributeError):
        raise LicenceFileRefused(Verdict.UNREADABLE) from None


def _signed(told: dict[str, Any]) -> bytes:
    """Keys sorted, no blanks: the same bytes however the file is laid out."""
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _fields(text: str) -> dict[str, Any]:
    told: Any = None
    try:
        told = json.loads(text) if len(text) <= LONGEST else None
        json.dumps(told, ensure_ascii=False).encode()  # half a character could not be signed
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict) or set(told) != _FIELDS:
        raise LicenceFileRefused(Verdict.UNREADABLE)
    if (told["format"], told["version"]) != (FORMAT, VERSION):
        raise LicenceFileRefused(Verdict.UNREADABLE)
    return told


def _terms(told: dict[str, Any]) -> Terms:
    persons, plan = told["persons"], told["plan"]
    if type(persons) is not int or not 1 <= persons <= _MOST_PERSONS:
        raise ValueError("persons")
    if not isinstance(plan, str) or not 1 <= len(plan) <= _LONGEST_TEXT or not plan.isprintable():
        raise ValueError("plan")
    terms = Terms(
        number=UUID(told["number"]),
        company=str(told["company"]),
        deployment=str(told["deployment"]),
        plan=plan,
        persons=persons,
        valid_from=date.fromisoformat(told["valid_from"]),
        valid_until=date.fromisoformat(told["valid_until"]),
        issued_at=datetime.fromisoformat(told["issued_at"]),
    )
    if terms.valid_until < terms.valid_from or terms.issued_at.tzinfo is None:
        raise ValueError("dates")
    return terms
