"""Shows people what the company knows about them, and who changes it."""

from __future__ import annotations

from flask import render_template

from portal.blueprints.profile import blueprint
from portal.db import UnitOfWork
from portal.services import own_profile
from portal.web.field_words import value_in_words
from portal.web.guards import signed_in
from portal.web.role_words import role_explanation, role_label


@blueprint.get("/c/<company>/profile")
@signed_in
def show(uow: UnitOfWork) -> str:
    return render_template(
        "profile/show.html",
        profile=own_profile.show(uow),
        role_label=role_label,
        role_explanation=role_explanation,
        value_in_words=value_in_words,
    )
