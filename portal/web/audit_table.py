"""An event as a row of a table for spreadsheets, in the reader's words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.db import UnitOfWork
from portal.services.audit_export import moment
from portal.services.audit_log import LoggedEvent
from portal.services.audit_names import Names
from portal.web.audit_lines import Line, line_of

HEADING = (
    _l("Number"),
    _l("Time (UTC)"),
    _l("Who"),
    _l("E-mail"),
    _l("IP address"),
    _l("Action"),
    _l("Person"),
    _l("Thing"),
    _l("Details"),
    _l("Version"),
    _l("Checksum"),
)


def row_of(uow: UnitOfWork, event: LoggedEvent, digest: str, names: Names) -> list[str]:
    """One event; `digest` is its hash in the chain."""
    line = line_of(uow, event, names, linked=False)
    return [
        str(line.seq),
        moment(line.at),
        "" if line.erased else line.actor,
        line.email,
        line.ip,
        line.action,
        line.person.text if line.person else "",
        line.thing.text if line.thing else "",
        "; ".join(_told(one) for one in [*line.open_lines, *line.folded_lines]),
        line.version,
        digest,
    ]


def _told(line: Line) -> str:
    if line.withheld:
        return line.label
    if line.before is None:
        return f"{line.label}: {line.text}"
    return f"{line.label}: {line.before} → {line.text}"
