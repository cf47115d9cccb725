"""What other working time or another site would mean for those whom a plan changes, as for one person alone."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from portal.db import UnitOfWork
from portal.domain.people_changes import TERM_KINDS
from portal.services import employments, terms_preview
from portal.services.people_changes import targets
from portal.services.people_changes.plan import Line, Plan
from portal.services.terms_preview import TermsPreview


def consequences(uow: UnitOfWork, planned: Plan, lines: Sequence[Line]) -> dict[UUID, TermsPreview]:
    """Of these lines, those with any. As many statements for a hundred people as for one."""
    ids = [line.id for line in lines if line.doable]
    if planned.asked.kind not in TERM_KINDS or not ids:
        return {}
    day = planned.asked.from_day or uow.today()
    wanted = {
        one: targets.terms_after(planned.asked, employments.terms_at(own, day))
        for one, own in employments.lists_of(uow, ids).items()
    }
    return {one: found for one, found in terms_preview.previews(uow, wanted, day).items() if found}
