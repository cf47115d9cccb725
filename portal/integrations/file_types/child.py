"""The process that `apart.py` starts: limits itself, reads one file, and answers with one line of JSON.

The line is null for a good file, else the refusal; new bytes to keep instead of the old ones may follow it:
a picture drawn anew, or the rows of a workbook.
"""

import json
import resource
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from typing import cast

from portal.domain.refusals import Refusal
from portal.integrations.file_types.apart import ROWS, SQUARES

CPU_SECONDS = 1.5
#: What a workbook of 20,000 people takes, with room to spare.
ROWS_CPU_SECONDS = 20.0
_MEMORY_BYTES = 1024**3
_CHECKS = "portal.integrations.file_types"
# Loaded one at a time: a child that looks at a picture has no use for a PDF parser.
_MODULES = {
    "application/pdf": "pdf",
    "image/jpeg": "images",
    "image/png": "images",
    ROWS: "workbook",
    SQUARES: "photos",
}


def main(content_type: str) -> None:
    check = _check_for(content_type)
    _limit_this_process(ROWS_CPU_SECONDS if content_type == ROWS else CPU_SECONDS)
    try:
        redrawn = check(sys.stdin.buffer.read(), content_type)
        answer = None
    except Refusal as refusal:
        redrawn = None
        answer = {"reason": refusal.reason.value, **refusal.details}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + (redrawn or b""))


def _check_for(content_type: str) -> Callable[[bytes, str], bytes | None]:
    module = import_module(f"{_CHECKS}.{_MODULES.get(content_type, 'office')}")
    return cast("Callable[[bytes, str], bytes | None]", module.check)


def _limit_this_process(cpu_seconds: float) -> None:
    """Processor time from here on, memory, and no writing of files. Beyond them the kernel ends the process."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Counted in processor time, so that a busy machine does not refuse good files; the default action is to die.
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)


if __name__ == "__main__":
    main(sys.argv[1])
