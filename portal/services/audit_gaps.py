"""Where a log goes on after a restore: the events since the backup are gone, their numbers are never used again.

The first event after the gap is the restore itself. It says up to which event the backup had the log, and its hash
follows upon that one; so the chain holds, and whoever reads it sees what is missing and why.
"""

from __future__ import annotations

import json

from portal.models.audit_event import AuditEvent

#: `Action.COMPANY_RESTORED`, and its fact `through`, the number of the last event that was kept.
RESTORED, KEPT = "company.restored", "through"


def follows_upon(row: AuditEvent) -> int:
    """The number of the event that this one is chained to."""
    kept = _kept(row)
    return row.seq - 1 if kept is None else kept


def _kept(row: AuditEvent) -> int | None:
    if row.action != RESTORED or row.payload is None:
        return None
    try:
        kept = json.loads(row.payload).get("facts", {}).get(KEPT)
    except ValueError:
        return None
    return kept if isinstance(kept, int) and 0 <= kept < row.seq else None
