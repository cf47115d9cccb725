"""Shows what is paid for, and gives links to Stripe's own pages. 404 where billing is off."""

from __future__ import annotations

from flask import abort, current_app, make_response, render_template, url_for
from werkzeug.wrappers import Response

from portal.blueprints.billing import blueprint
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.services import billing
from portal.web.guards import requires
from portal.web.step_up import freshly_proven


@blueprint.app_template_global()
def billing_is_on() -> bool:
    """Template global: whether companies pay here."""
    return bool(current_app.extensions["staffroom"].outside.payments.on)


@blueprint.get("/c/<company>/billing")
@requires(Permission.COMPANY_EDIT)
def show(uow: UnitOfWork) -> str:
    _only_where_people_pay()
    return render_template("billing/show.html", standing=billing.standing(uow))


@blueprint.post("/c/<company>/billing/checkout", endpoint="checkout")
@requires(Permission.COMPANY_EDIT)
@freshly_proven(back="billing.show")
def checkout(uow: UnitOfWork) -> Response:
    """A page with a link: a form that is sent on to another site is blocked by our own policy."""
    _only_where_people_pay()
    return _link(billing.checkout(uow, back=_back(uow)))


@blueprint.post("/c/<company>/billing/portal", endpoint="portal")
@requires(Permission.COMPANY_EDIT)
@freshly_proven(back="billing.show")
def portal(uow: UnitOfWork) -> Response:
    _only_where_people_pay()
    return _link(billing.portal(uow, back=_back(uow)))


def _only_where_people_pay() -> None:
    if not billing_is_on():
        abort(404)


def _back(uow: UnitOfWork) -> str:
    return f"{uow.outside.url}{url_for('billing.show')}"


def _link(address: str) -> Response:
    return make_response(render_template("billing/on.html", address=address))
