"""What the address of the log asks for: the filter with its people found, and where the page begins."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _

from portal.blueprints.audit.forms import FilterForm
from portal.db import UnitOfWork
from portal.services import audit_filter
from portal.services.audit_filter import MOST_PEOPLE, Cursor, FoundPerson, LogFilter
from portal.web.audit_groups import actions_chosen, choices

_LAST_NUMBER = 2_147_483_647
FIELDS = ("person", "action", "first_day", "last_day", "ip")


@dataclass(frozen=True)
class Asked:
    """`found` is None while the filter makes no sense: then nothing is shown, rather than everything."""

    form: FilterForm
    found: LogFilter | None
    cursor: Cursor
    #: Whom a typed name may mean, when it is more than one.
    people: list[FoundPerson]

    @property
    def filtered(self) -> bool:
        return any(self.form[name].raw_data and self.form[name].raw_data[0] for name in FIELDS)

    def narrowed(self, **changed: object) -> dict[str, object]:
        """The filter as it stands with something changed in it, from its newest event on."""
        kept = {name: request.args[name] for name in FIELDS if request.args.get(name)}
        return {**kept, **changed}


def read(uow: UnitOfWork) -> Asked:
    """The filter and the cursor of this request; what is wrong with it stands in the form's errors."""
    form = FilterForm(request.args, meta={"csrf": False})
    offered = choices()
    form.action.choices = {**offered, "": [("", _("All actions")), *offered[""]]}
    if not form.validate():
        return Asked(form, None, Cursor(), [])
    people = audit_filter.find_people(uow, form.person.data) if form.person.data else []
    if form.person.data and not _means_somebody(form, people):
        return Asked(form, None, Cursor(), [])
    found = LogFilter(
        people=tuple(person.id for person in people),
        actions=actions_chosen(form.action.data),
        first_day=form.first_day.data,
        last_day=form.last_day.data,
        ip=form.ip.data or "",
    )
    return Asked(form, found, Cursor(_number("before"), _number("after")), people if len(people) > 1 else [])


def _means_somebody(form: FilterForm, people: list[FoundPerson]) -> bool:
    if not people:
        form.person.errors = [
            _("Nobody here is called that. Check the spelling, or type a part of the name.")
        ]
    elif len(people) > MOST_PEOPLE:
        form.person.errors = [_("That fits too many people. Type more of the name, or the e-mail address.")]
    return 0 < len(people) <= MOST_PEOPLE


def _number(name: str) -> int | None:
    """A place in the log; what cannot be one is left out, and the page begins with the newest."""
    number = request.args.get(name, type=int)
    return number if number is not None and 0 < number <= _LAST_NUMBER else None
