"""What goes when: the next nightly run and the month that follows."""

from __future__ import annotations

from flask import render_template

from portal.blueprints.privacy import blueprint
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.services import retention as periods
from portal.web import data_map_words as words
from portal.web.field_words import RETENTION
from portal.web.guards import requires


@blueprint.get("/c/<company>/privacy/retention")
@requires(Permission.PRIVACY_MANAGE)
def retention(uow: UnitOfWork) -> str:
    return render_template(
        "privacy/retention.html", outlook=periods.outlook(uow), words=words, field_periods=RETENTION
    )
