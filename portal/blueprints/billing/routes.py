"""Shows what is paid for, and gives links to Stripe's own pages, asked for as errands. 404 where billing is off."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import get_currency_precision
from flask import abort, current_app, make_response, render_template, url_for
from flask_babel import format_currency
from werkzeug.wrappers import Response

from portal.blueprints.billing import blueprint
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services import billing
from portal.services.billing import Answer
from portal.web.errands import Errand
from portal.web.guards import requires
from portal.web.step_up import freshly_proven


@blueprint.app_template_global()
def billing_is_on() -> bool:
    """Template global: whether companies pay here."""
    return bool(current_app.extensions["staffroom"].outside.payments.on)


@blueprint.app_template_global()
def money(amount: int, currency: str) -> str:
    """Template global: an amount in the currency's smallest unit, as the reader writes it."""
    written: str = format_currency(Decimal(amount).scaleb(-get_currency_precision(currency)), currency)
    return written


@blueprint.get("/c/<company>/billing")
@requires(Permission.COMPANY_EDIT)
def show(uow: UnitOfWork) -> str | Errand:
    _only_where_people_pay()
    asked = billing.question(uow, with_invoices=True)
    return Errand(asked.ask, _show) if asked is not None else _show(uow, Answer())


@blueprint.post("/c/<company>/billing/checkout", endpoint="checkout")
@requires(Permission.COMPANY_EDIT)
@freshly_proven(back="billing.show")
def checkout(uow: UnitOfWork) -> Errand:
    """A page with a link: a form that is sent on to another site is blocked by our own policy."""
    _only_where_people_pay()
    newcomer = billing.new_customer(uow)
    return Errand(newcomer.ask, _buy) if newcomer is not None else _buy(uow, None)


@blueprint.post("/c/<company>/billing/portal", endpoint="portal")
@requires(Permission.COMPANY_EDIT)
@freshly_proven(back="billing.show")
def portal(uow: UnitOfWork) -> Errand:
    _only_where_people_pay()
    return Errand(billing.own_pages(uow, back=_back(uow)).ask, _link)


def _show(uow: UnitOfWork, answer: Answer | None) -> str:
    return render_template("billing/show.html", standing=billing.standing(uow, answer))


def _buy(uow: UnitOfWork, customer: str | None) -> Errand:
    return Errand(billing.purchase(uow, customer, back=_back(uow)).ask, _link)


def _only_where_people_pay() -> None:
    if not billing_is_on():
        abort(404)


def _back(uow: UnitOfWork) -> str:
    return f"{uow.outside.url}{url_for('billing.show')}"


def _link(_uow: UnitOfWork, found: str | Reason) -> Response:
    if isinstance(found, Reason):
        raise Refusal(found)
    return make_response(render_template("billing/on.html", address=found))
