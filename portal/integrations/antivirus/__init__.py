"""Asks a virus scanner about a file. Which files, and what becomes of them, is decided by the services."""

from portal.integrations.antivirus.clamd import Clamd
from portal.integrations.antivirus.scanner import (
    Clean,
    Health,
    Infected,
    NoScanner,
    Scanner,
    Unscanned,
    Verdict,
)

__all__ = [
    "Clamd",
    "Clean",
    "Health",
    "Infected",
    "NoScanner",
    "Scanner",
    "Unscanned",
    "Verdict",
]
