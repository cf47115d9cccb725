"""Runs the parsers of foreign formats in a process of their own, which has no settings, little time and no way out.

A parser that loops, swells or crashes on a hostile file takes only that process with it.
"""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

from portal.domain.refusals import Reason, Refusal
from portal.integrations.file_types.refused import unreadable

_PROJECT = Path(__file__).resolve().parents[3]
# On a busy machine the child waits for its turn; what it may work is limited in child.py.
_LONGEST_WAIT_SECONDS = 20
_LONGEST_WAIT_FOR_ROWS = 60
#: Asks for the rows of a workbook instead of an opinion about it.
ROWS = "rows/xlsx"
#: Asks for the squares of a person's photo.
SQUARES = "squares/photo"
_log = logging.getLogger(__name__)


def check_apart(content_type: str, data: bytes) -> bytes:
    """The bytes to keep, or the Refusal that the child came to; a child that dies means an unreadable file."""
    try:
        done = subprocess.run(
            [sys.executable, "-s", "-m", "portal.integrations.file_types.child", content_type],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_PROJECT,
            env=_bare_environment(),
            timeout=_LONGEST_WAIT_FOR_ROWS if content_type == ROWS else _LONGEST_WAIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        _log.warning("file check gave no answer in time", extra={"content_type": content_type})
        raise unreadable() from None
    if done.returncode != 0:
        _log.warning("file check died", extra={"content_type": content_type, "returncode": done.returncode})
        raise unreadable()
    verdict, _, redrawn = done.stdout.partition(b"\n")
    refusal = json.loads(verdict)
    if refusal is not None:
        raise Refusal(Reason(refusal.pop("reason")), field="file", **refusal)
    return redrawn or data


def _bare_environment() -> dict[str, str]:
    """Only what the loader may need: passwords and addresses in our environment are none of a parser's business."""
    return {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
