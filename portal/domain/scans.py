"""What is known of a kept file: whether a virus scanner has looked at it, and what that means for who wants it."""

from __future__ import annotations

from enum import StrEnum

from portal.domain.refusals import Reason, Refusal


class ScanState(StrEnum):
    #: It came when no scanner was set up.
    NOT_SCANNED = "not-scanned"
    #: A scanner is set up and has not answered for it yet: nobody gets it.
    QUARANTINED = "quarantined"
    CLEAN = "clean"
    #: Found later, when it lay in quarantine: nobody gets it.
    INFECTED = "infected"


HELD = frozenset({ScanState.QUARANTINED, ScanState.INFECTED})


def refuse_held(state: ScanState) -> None:
    """Whoever may have the file must wait, or never gets it."""
    if state is ScanState.QUARANTINED:
        raise Refusal(Reason.FILE_QUARANTINED)
    if state is ScanState.INFECTED:
        raise Refusal(Reason.FILE_HELD_INFECTED)
