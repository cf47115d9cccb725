"""One's own calendar feeds: the list, a new one, and taking one back."""

from __future__ import annotations

from uuid import UUID

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.feeds import blueprint
from portal.blueprints.feeds.forms import FeedForm
from portal.db import UnitOfWork
from portal.domain.refusals import Refusal
from portal.services import feeds
from portal.web import feed_words
from portal.web.form_refusals import refused_form
from portal.web.guards import also_when_over, signed_in
from portal.web.htmx import form_answer
from portal.web.step_up import freshly_proven


@blueprint.get("/c/<company>/feeds")
@signed_in
def index(uow: UnitOfWork) -> str:
    """What may calendar programs fetch in my name, and when did they last?"""
    return render_template("feeds/index.html", feeds=feeds.list_mine(uow), words=feed_words)


@blueprint.get("/c/<company>/feeds/new")
@signed_in
@freshly_proven(back="feeds.index")
def new(uow: UnitOfWork) -> str:
    """Asks whose time and what of it; a page that links here may say both."""
    form = FeedForm(formdata=None, whose=request.args.get("whose"), shifts="shifts" in request.args)
    form.offer(feeds.offer(uow))
    return render_template("feeds/new.html", form=form)


@blueprint.post("/c/<company>/feeds")
@signed_in
@freshly_proven(back="feeds.new")
def make(uow: UnitOfWork) -> Response:
    """The answer is the only page that ever shows the address."""
    form = FeedForm()
    form.offer(feeds.offer(uow))
    if not form.validate():
        return form_answer("feeds/new.html", form=form)
    try:
        token = feeds.make(uow, form.name.data or "", form.content())
    except Refusal as refusal:
        return refused_form("feeds/new.html", form, refusal)
    path = url_for("feeds.calendar", token=token)
    return make_response(
        render_template("feeds/address.html", name=form.name.data, address=f"{uow.outside.url}{path}")
    )


@blueprint.post("/c/<company>/feeds/<uuid:feed_id>/revocation")
@signed_in
@also_when_over
def revoke(uow: UnitOfWork, feed_id: UUID) -> Response:
    """Nobody has to prove themselves anew to close something."""
    feeds.revoke(uow, feed_id)
    flash(_("The address leads nowhere any more. Remove the calendar from your program, too."), "success")
    return redirect(url_for("feeds.index"), code=303)
