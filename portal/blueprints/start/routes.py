"""Finds the company and sends the visitor to its sign-in, with the e-mail kept out of every address."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.start import blueprint
from portal.blueprints.start.forms import CompanyForm
from portal.services import companies
from portal.web import typed_email
from portal.web.guards import public
from portal.web.htmx import form_answer


@blueprint.get("/")
@public
def index() -> str:
    """Where everybody begins."""
    return render_template("start/index.html", form=CompanyForm())


@blueprint.post("/", endpoint="find")
@public
def find() -> Response:
    """303 to the company's sign-in; 422 and what to do when no company is meant."""
    form = CompanyForm()
    if not form.validate():
        return form_answer("start/index.html", form=form)
    typed = form.company.data or ""
    slug = companies.find_slug(typed)
    if slug is None:
        form.company.errors = [_unknown(typed)]
        return form_answer("start/index.html", form=form)
    if "@" in typed:
        typed_email.keep(slug, typed)
    return redirect(url_for("sign_in.show", company=slug), code=303)


def _unknown(typed: str) -> str:
    if "@" in typed:
        return _(
            "No company here uses this e-mail's domain. Check the spelling, or type your company's short name:"
            " it is in your invitation."
        )
    return _("No company has this short name. Check the spelling, or type your work e-mail instead.")
