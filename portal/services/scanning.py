"""Files as they come in are shown to the virus scanner before anything is kept of them.

One in which something is found is refused. One that the scanner cannot judge now is kept in quarantine where the portal
keeps files (services/quarantine.py), and refused where it only reads them: an import can be sent again.
"""

from __future__ import annotations

import logging
from typing import Any

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.domain.scans import ScanState
from portal.integrations.antivirus import Clean, Infected
from portal.services import audit, queue

ALARM_TASK = "tell_of_infected_file"
_LOG = logging.getLogger("portal.antivirus")


def state_of(uow: UnitOfWork, content: bytes, *, file_name: str, private_name: bool = False) -> ScanState:
    """For a file that is kept; raises when something is found in it.

    `private_name`: the name may say as much as the content, so the log does not repeat it.
    """
    scanner = uow.outside.antivirus
    if not scanner.on:
        return ScanState.NOT_SCANNED
    verdict = scanner.scan(content)
    if verdict == Clean():
        return ScanState.CLEAN
    if not isinstance(verdict, Infected):
        _LOG.warning("a file waits in quarantine: %s", verdict.why)
        return ScanState.QUARANTINED
    facts: dict[str, Any] = {} if private_name else {"file": file_name[:200]}
    audit.record(uow, audit.Action.FILE_INFECTED, malware=verdict.found, **facts)
    alarm(uow)
    uow.keep_when_refused = True
    raise Refusal(Reason.FILE_INFECTED, field="file", found=verdict.found)


def need_clean(uow: UnitOfWork, content: bytes, *, file_name: str) -> None:
    """For a file that is read once and not kept: the scanner must have answered."""
    if state_of(uow, content, file_name=file_name) is ScanState.QUARANTINED:
        raise Refusal(Reason.FILE_NOT_SCANNED, field="file")


def alarm(uow: UnitOfWork) -> None:
    """The operator hears of it after the commit."""
    queue.defer(uow, ALARM_TASK, once=True)
