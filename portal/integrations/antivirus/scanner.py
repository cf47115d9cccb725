"""What a scanner answers, and its twin for portals without one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

#: The harmless file by which every scanner is tried. It is put together here, or scanners would flag this file.
TEST_FILE = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!" + b"$H+H*"


@dataclass(frozen=True)
class Clean:
    """Looked at whole, and nothing found."""


@dataclass(frozen=True)
class Infected:
    """The signature that fits, by the scanner's name for it."""

    found: str


@dataclass(frozen=True)
class Unscanned:
    """Nobody knows: the scanner is away, too slow, or did not look at all of it. `why` is for the log."""

    why: str
    #: Whether it is this file that the scanner will not look at; other files may fare better.
    this_file: bool = False


Verdict = Clean | Infected | Unscanned


@dataclass(frozen=True)
class Health:
    """How the scanner is. `version` is what it says of itself, with the day of its signatures where it tells."""

    version: str
    #: Whether it recognises the harmless test file and lets a harmless text pass.
    finds: bool
    signatures_of: datetime | None = None


class Scanner(Protocol):
    """`patient`: nobody waits in front of a page."""

    @property
    def on(self) -> bool:
        """Whether files are scanned here at all."""

    def scan(self, content: bytes, *, patient: bool = False) -> Verdict: ...

    def health(self) -> Health | None: ...


@dataclass(frozen=True)
class NoScanner:
    """Files are taken as they come; the pages of trust and the documentation say so."""

    on: bool = False

    def scan(self, content: bytes, *, patient: bool = False) -> Verdict:
        return Unscanned("no scanner is set up", this_file=True)

    def health(self) -> Health | None:
        return None
