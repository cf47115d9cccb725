"""What a backup says of itself: in the clear and signed what anybody may know, sealed what names companies."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from portal.integrations.backup_key import BackupKey, WrongKey

FORMAT = 1
#: The parts of a backup, in the order in which they are made.
DATABASE, ROLES, FILES, CONTENTS = "database.dump.age", "roles.sql.age", "files.tar.age", "contents.json.age"
PARTS = (DATABASE, ROLES, FILES, CONTENTS)


class ManifestBroken(Exception):
    """A manifest that cannot be read, or is not what was signed."""


@dataclass(frozen=True)
class Part:
    """One file of the backup: what lies there, and what was sealed in it."""

    name: str
    size: int
    sha256: str
    plain_size: int
    plain_sha256: str


@dataclass(frozen=True)
class Manifest:
    """The open page of a backup. It names no company and no person."""

    id: str
    taken_at: datetime
    finished_at: datetime
    portal_version: str
    #: The last migration of the database.
    revision: str
    postgres: str
    #: Fingerprints of the key that opens the parts and of the master key that opens what is sealed inside.
    backup_key: str
    master_key: str
    companies: int
    rows: int
    files: int
    parts: tuple[Part, ...]
    format: int = FORMAT

    @property
    def size(self) -> int:
        return sum(part.size for part in self.parts)

    def part(self, name: str) -> Part:
        return next(part for part in self.parts if part.name == name)

    def signed(self, key: BackupKey) -> bytes:
        body = _body(asdict(self))
        return json.dumps({"manifest": json.loads(body), "signature": key.sign(body)}, indent=1).encode()

    @classmethod
    def read(cls, content: bytes, key: BackupKey | None) -> Self:
        """Without a key nothing but the form is checked, which is enough for a list."""
        try:
            stored = json.loads(content)
            fields: dict[str, Any] = stored["manifest"]
            signature = str(stored["signature"])
            if fields["format"] != FORMAT:
                raise ManifestBroken(f"its format is {fields['format']}; this Staffroom reads {FORMAT}")
            manifest = cls(
                **{
                    **fields,
                    "taken_at": datetime.fromisoformat(fields["taken_at"]),
                    "finished_at": datetime.fromisoformat(fields["finished_at"]),
                    "parts": tuple(Part(**part) for part in fields["parts"]),
                }
            )
        except (ValueError, KeyError, TypeError) as odd:
            raise ManifestBroken("its manifest cannot be read") from odd
        if key is None:
            return manifest
        if manifest.backup_key != key.fingerprint:
            raise WrongKey(
                f"it was made with the backup key {manifest.backup_key}, and the key here is {key.fingerprint}"
            )
        if not key.signed(_body(fields), signature):
            raise ManifestBroken("its manifest is not what was signed")
        return manifest


#: Rows that name no company in a table whose rows may, such as the staff's sessions: what JSON makes of no id.
NO_COMPANY = "null"


@dataclass(frozen=True)
class TableCount:
    """How many rows a table has, and how many of them are each company's (by id); {} where rows have none."""

    total: int
    companies: dict[str, int]


@dataclass(frozen=True)
class Contents:
    """The sealed page: what a restored portal must be equal to."""

    tables: dict[str, TableCount]
    #: Company id: number and hash of the last event of its audit chain.
    heads: dict[str, tuple[int, str]]
    roles: tuple[str, ...]
    #: "company/key" of each stored file: its size and SHA-256 as it lies there, sealed with the company's key.
    files: dict[str, tuple[int, str]]
    #: Files that rows refer to and that were not in the store when the backup was made.
    absent: tuple[str, ...] = ()

    def to_json(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_json(cls, content: bytes) -> Self:
        stored = json.loads(content)
        return cls(
            tables={name: TableCount(**count) for name, count in stored["tables"].items()},
            heads={company: (head[0], head[1]) for company, head in stored["heads"].items()},
            roles=tuple(stored["roles"]),
            files={name: (one[0], one[1]) for name, one in stored["files"].items()},
            absent=tuple(stored["absent"]),
        )


def _body(fields: dict[str, Any]) -> bytes:
    """The same bytes for the same manifest, whoever writes them down."""
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), default=_moment).encode()


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
