"""What the forms of a roster send. Who and when is an id and a date: the service says whether they may be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, IntegerField, StringField
from wtforms.validators import InputRequired, Length

from portal.domain.months import Month
from portal.domain.refusals import Reason, Refusal
from portal.services.shifts import Cell

Value = TypeVar("Value")


class CellForm(FlaskForm):
    """Every change names the cell that it was made for."""

    employee_id = HiddenField(validators=[InputRequired()])
    date = DateField(validators=[InputRequired()])

    def cell(self) -> Cell:
        _check(self)
        return Cell(read(UUID, self.employee_id.data), self.date.data)


class AddForm(CellForm):
    """One more shift."""

    template_id = HiddenField(validators=[InputRequired()])

    @property
    def template(self) -> UUID:
        return read(UUID, self.template_id.data)


class FillForm(CellForm):
    """The keyboard's form: a code, or nothing to empty the cell; and the codes that stood there."""

    code = StringField(validators=[Length(max=3)])
    seen = StringField(validators=[Length(max=200)])


class PlaceForm(CellForm):
    """Where a shift goes."""

    to_employee_id = HiddenField(validators=[InputRequired()])
    to_date = DateField(validators=[InputRequired()])

    def target(self) -> Cell:
        return Cell(read(UUID, self.to_employee_id.data), self.to_date.data)


class DraftForm(FlaskForm):
    """The team and month of a new draft."""

    team_id = HiddenField(validators=[InputRequired()])
    month = HiddenField(validators=[InputRequired()])


class PublicationForm(FlaskForm):
    """The version and the changes that the planner has seen."""

    version = IntegerField(validators=[InputRequired()])
    seen = HiddenField(validators=[InputRequired()])


def read(kind: Callable[[str], Value], text: str | None) -> Value:
    """A value of an address or a hidden field; what was never ours does not exist."""
    try:
        return kind(text or "")
    except ValueError:
        raise Refusal(Reason.NOT_FOUND) from None


def read_month(text: str | None, today: date) -> Month:
    """The month in the address, or this one."""
    month = read(Month.parse, text) if text else Month.of(today)
    if not 2000 <= month.year <= 2099:
        raise Refusal(Reason.NOT_FOUND)
    return month


def _check(form: FlaskForm) -> None:
    """Hidden fields are ours: one that is missing or broken was not sent by a page of ours."""
    if not form.validate():
        raise Refusal(Reason.NOT_FOUND)
