"""A new list of one's own recovery codes."""

from __future__ import annotations

from werkzeug.wrappers import Response

from portal.blueprints.sessions import blueprint
from portal.blueprints.sessions.enrolled import codes_page
from portal.db import UnitOfWork
from portal.services import recovery_codes
from portal.web.guards import signed_in
from portal.web.step_up import freshly_proven


@blueprint.post("/c/<company>/second-factors/recovery-codes", endpoint="make_recovery_codes")
@signed_in
@freshly_proven(back="sessions.index")
def make_recovery_codes(uow: UnitOfWork) -> Response:
    """Shows them, once; the old list opens nothing any more."""
    return codes_page(recovery_codes.make(uow))
