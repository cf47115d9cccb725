"""Planned days in the reader's language."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from portal.domain.planned_absences import PlannedStatus

PLANNED_STATUSES = {
    PlannedStatus.PLANNED: _l("Planned"),
    PlannedStatus.ASKED: _l("Asked for"),
    PlannedStatus.DROPPED: _l("Taken back"),
    PlannedStatus.GRANTED: _l("Granted"),
    PlannedStatus.REFUSED: _l("Not granted"),
}
TONES = {
    PlannedStatus.PLANNED: "draft",
    PlannedStatus.ASKED: "pending",
    PlannedStatus.DROPPED: "withdrawn",
    PlannedStatus.GRANTED: "approved",
    PlannedStatus.REFUSED: "rejected",
}
WEIGHTS = {3: _l("Matters most"), 2: _l("Matters"), 1: _l("Would be nice")}
