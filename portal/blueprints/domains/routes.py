"""Shows the company's e-mail domains, adds one, looks for its record, removes it."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.domains import blueprint
from portal.blueprints.domains.forms import DomainForm
from portal.db import UnitOfWork
from portal.domain.email_domains import CHALLENGE, DomainStatus, Finding
from portal.domain.permissions import Permission
from portal.domain.refusals import Refusal
from portal.integrations.dns import readable_name
from portal.services import domain_checks, domains
from portal.web.domain_words import FINDINGS
from portal.web.errands import Errand
from portal.web.form_refusals import refused_form
from portal.web.guards import requires
from portal.web.htmx import form_answer
from portal.web.step_up import freshly_proven


@blueprint.get("/c/<company>/settings/domains")
@requires(Permission.COMPANY_EDIT)
def index(uow: UnitOfWork) -> str:
    return render_template("domains/index.html", form=DomainForm(), **_shown(uow))


@blueprint.post("/c/<company>/settings/domains", endpoint="create")
@requires(Permission.COMPANY_EDIT)
@freshly_proven(back="domains.index")
def create(uow: UnitOfWork) -> Response:
    """303 to the domain with what to do next; 422 with what is wrong."""
    form = DomainForm()
    if not form.validate():
        return form_answer("domains/index.html", form=form, **_shown(uow))
    try:
        claim_id = domains.claim(uow, form.domain.data or "")
    except Refusal as refusal:
        return refused_form("domains/index.html", form, refusal, **_shown(uow))
    flash(_("The domain is in your list. Now publish its record."), "success")
    return _back_to(claim_id)


@blueprint.post("/c/<company>/settings/domains/<uuid:domain_claim_id>/checks")
@requires(Permission.COMPANY_EDIT)
def check(uow: UnitOfWork, domain_claim_id: UUID) -> Errand:
    """Looks for the record now."""
    question = domain_checks.prepare(uow, domain_claim_id)
    return Errand(question.ask, partial(_checked, domain_claim_id))


def _checked(claim_id: UUID, uow: UnitOfWork, values: list[str] | None) -> Response:
    claim = domain_checks.check(uow, claim_id, values)
    name = readable_name(claim.domain)
    if claim.finding is Finding.FOUND and claim.status is DomainStatus.VERIFIED:
        flash(_("The record is there: %(domain)s is verified.", domain=name), "success")
    elif claim.finding is not None:
        flash(f"{name}: {FINDINGS[claim.finding]}", "warning")
    return _back_to(claim.id)


@blueprint.post("/c/<company>/settings/domains/<uuid:domain_claim_id>/removal")
@requires(Permission.COMPANY_EDIT)
@freshly_proven(back="domains.index")
def remove(uow: UnitOfWork, domain_claim_id: UUID) -> Response:
    domain = domains.remove(uow, domain_claim_id)
    flash(_("%(domain)s is removed.", domain=readable_name(domain)), "success")
    return redirect(url_for("domains.index"), code=303)


def _shown(uow: UnitOfWork) -> dict[str, object]:
    return {"claims": domains.list_all(uow), "findings": FINDINGS, "host": CHALLENGE}


def _back_to(claim_id: UUID) -> Response:
    return redirect(url_for("domains.index", _anchor=f"domain-{claim_id}"), code=303)
