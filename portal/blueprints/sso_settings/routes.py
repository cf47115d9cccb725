"""The overview of how the company signs in, and the log of who did and who did not."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from portal.blueprints.sso_settings import blueprint
from portal.blueprints.sso_settings.forms import RequirementForm
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.services import sign_in_policy
from portal.services.sso import enforcement, log, provider_access, provider_lines
from portal.web.audit_facts import VALUES
from portal.web.audit_values import visible
from portal.web.audit_words import action_label
from portal.web.guards import requires
from portal.web.sso_words import KINDS, STATES, plain_reason


@blueprint.get("/c/<company>/settings/sign-in")
@requires(Permission.SIGN_IN_MANAGE)
def index(uow: UnitOfWork) -> str:
    """Providers, verified domains, and whether single sign-on is required."""
    candidates = sign_in_policy.candidates(uow)
    form = RequirementForm()
    form.offer(candidates)
    return render_template("sso_settings/index.html", form=form, **overview(uow, candidates))


@blueprint.get("/c/<company>/settings/sign-in/log")
@requires(Permission.SIGN_IN_MANAGE)
def log_page(uow: UnitOfWork) -> str:
    """Who came in, and why somebody did not."""
    before = request.args.get("before", type=int)
    return render_template(
        "sso_settings/log.html",
        page=log.list_latest(uow, before=before),
        action_label=action_label,
        plain_reason=plain_reason,
        readable=visible,
        way_in=_way_in,
    )


def _way_in(how: str) -> str:
    """By what somebody came: a provider by its own name, or the words for a way of ours."""
    return str(VALUES["reason"].get(how) or visible(how))


def overview(uow: UnitOfWork, candidates: list[sign_in_policy.Candidate]) -> dict[str, Any]:
    """What the overview shows beside its form."""
    policy = sign_in_policy.current(uow)
    return {
        "providers": provider_lines.list_all(uow),
        "domains": sorted(provider_access.domains(uow)),
        "policy": policy,
        "keeper": next((one for one in candidates if one.id == policy.break_glass_id), None),
        "candidates": candidates,
        "tested": enforcement.tested_by_me(uow),
        "kinds": KINDS,
        "states": STATES,
    }
