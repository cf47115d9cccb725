"""Shows the directory, and one person as far as the reader may see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import make_response, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal.blueprints.people import blueprint
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.integrations.keys import KeysUnavailable
from portal.services import directory, people_changes, person_record, roles
from portal.services.custom_values import ShownValue
from portal.services.directory import DirectoryFilter, DirectoryPage
from portal.web import change_words
from portal.web.field_words import value_in_words
from portal.web.guards import requires
from portal.web.htmx import wants_fragment
from portal.web.role_words import role_label


@dataclass(frozen=True)
class Pager:
    """What the pager under the list needs."""

    number: int
    pages: int
    previous_url: str | None
    next_url: str | None


@blueprint.get("/c/<company>/people")
@requires(Permission.DIRECTORY_VIEW)
def index(uow: UnitOfWork) -> str:
    asked = asked_for(request.args)
    found = directory.list_people(uow, asked)
    return render_template(
        "people/index.html",
        asked=asked,
        found=found,
        pager=_pager(found),
        asked_again=_asked_again(),
        choices=directory.choices(uow),
        may_see_who_left=directory.may_see_who_left(uow),
        kinds=people_changes.offered(uow),
        kind_words=change_words.KINDS,
    )


@blueprint.get("/c/<company>/people/<uuid:employee_id>")
@requires(Permission.DIRECTORY_VIEW)
def show(uow: UnitOfWork, employee_id: UUID) -> str:
    return person_page(uow, employee_id)


@blueprint.post("/c/<company>/people/<uuid:employee_id>/phone-views")
@requires(Permission.EMPLOYEE_VIEW)
def show_phone(uow: UnitOfWork, employee_id: UUID) -> Response:
    """The number instead of its button; that it was looked at is on record."""
    phone, closed = _phone(uow, employee_id)
    if wants_fragment():
        return make_response(render_template("people/_phone.html", phone=phone, phone_closed=closed))
    return make_response(person_page(uow, employee_id, phone=phone, phone_closed=closed))


def person_page(
    uow: UnitOfWork,
    employee_id: UUID,
    *,
    phone: str | None = None,
    phone_closed: bool = False,
    opened: ShownValue | None = None,
) -> str:
    """The page of one person; `phone` and a sealed value only after they were asked for, or for oneself."""
    person = person_record.show(uow, employee_id)
    if employee_id == uow.actor.employee_id and person.record and person.record.has_phone:
        phone, phone_closed = _phone(uow, employee_id)
    may = {permission.value for permission in person.may}
    lines = roles.list_for(uow, employee_id) if Permission.ROLE_GRANT in person.may else []
    return render_template(
        "people/show.html",
        person=person,
        may=may,
        roles=lines,
        phone=phone,
        phone_closed=phone_closed,
        role_label=role_label,
        value_in_words=value_in_words,
        opened=opened,
    )


def _phone(uow: UnitOfWork, employee_id: UUID) -> tuple[str, bool]:
    """The number, and whether it cannot be opened at the moment: the rest of the page does not need it."""
    try:
        return person_record.show_phone(uow, employee_id), False
    except KeysUnavailable:
        return "", True


def asked_for(given: MultiDict[str, str]) -> DirectoryFilter:
    """The filter in an address or a form; what makes no sense there is left out."""
    return DirectoryFilter(
        search=given.get("search", "").strip()[:100],
        team_id=given.get("team", type=UUID),
        site_id=given.get("site", type=UUID),
        left=given.get("left") == "yes",
        page=min(max(given.get("page", 1, type=int), 1), 10_000),
    )


def _asked_again() -> dict[str, Any]:
    """The filter for other addresses of the same people."""
    return {name: request.args[name] for name in ("search", "team", "site", "left") if request.args.get(name)}


def _pager(found: DirectoryPage) -> Pager:
    kept = _asked_again()

    def url(number: int) -> str | None:
        return url_for("people.index", page=number, **kept) if 1 <= number <= found.pages else None

    return Pager(found.number, found.pages, url(found.number - 1), url(found.number + 1))
