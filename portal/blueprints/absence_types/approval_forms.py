"""The form of the steps of approval: as many rows as a route may have steps; an empty row is no step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from portal.domain.approvals import MOST_STEPS, ApproverKind, StepMode, StepRule
from portal.domain.refusals import Refusal
from portal.services.approvals.rules import Named
from portal.web.approval_words import APPROVERS, MODES
from portal.web.form_refusals import put_refusal
from portal.web.number_fields import WholeNumberField
from portal.web.role_words import role_label
from portal.web.text_filters import one_line

PLACES = range(1, MOST_STEPS + 1)
_PLAIN = (ApproverKind.LINE_MANAGER, ApproverKind.NEXT_MANAGER, ApproverKind.HR, ApproverKind.PERSON)
_HEADS = (ApproverKind.TEAM_HEAD, ApproverKind.SITE_HEAD)
#: Whom a step can ask when it finds nobody; it asks whoever decides for the company anyway in the end.
_INSTEAD = (ApproverKind.NEXT_MANAGER, *_HEADS, ApproverKind.HR)
_AGREED = "agreed"


class StepsForm(FlaskForm):
    """From which day, and the steps in order; their fields are added below, by place."""

    valid_from = DateField(
        _l("For requests sent from"), validators=[InputRequired(_l("Please choose a date."))]
    )

    def offer(self, named: Named, *, agrees_alone: bool = True) -> None:
        """Gives the roles of the company. `agrees_alone`: a step may count as agreed where nobody is found."""
        roles = [SelectChoice(f"role:{role_id}", role_label(*role)) for role_id, role in named.roles.items()]
        plain = [SelectChoice(kind.value, APPROVERS[kind]) for kind in (*_PLAIN, *_HEADS)]
        instead = [SelectChoice(kind.value, APPROVERS[kind]) for kind in _INSTEAD]
        nobody = SelectChoice("", _l("Those who decide for the whole company"))
        agreed = SelectChoice(_AGREED, _l("Nobody: it counts as agreed"))
        for place in PLACES:
            self[f"if_nobody_{place}"].choices = [
                nobody,
                *instead,
                *roles,
                *([agreed] if agrees_alone else []),
            ]
            self[f"approver_{place}"].choices = [SelectChoice("", _l("No step")), *plain, *roles]

    def put(self, steps: list[StepRule], named: Named) -> None:
        """Fills in what holds now."""
        for place, step in zip(PLACES, steps, strict=False):
            names_role = step.approver is ApproverKind.ROLE
            self[f"approver_{place}"].data = f"role:{step.named_id}" if names_role else step.approver.value
            if step.named_id is not None and step.named_id in named.people:
                self[f"person_{place}"].data = named.people[step.named_id][0]
            self[f"mode_{place}"].data = step.mode.value
            self[f"longer_{place}"].data = step.longer_than_days
            self[f"notice_{place}"].data = step.notice_below_days
            self[f"below_zero_{place}"].data = step.below_zero
            self[f"breaks_staffing_{place}"].data = step.breaks_staffing
            self[f"at_least_{place}"].data = step.at_least
            self[f"if_nobody_{place}"].data = _written_instead(step)

    def steps(self, person_called: Callable[[str, str], UUID]) -> list[StepRule]:
        """The steps. What is wrong stands at the fields of each row afterwards, of all rows at once."""
        found = []
        for place in PLACES:
            if not self[f"approver_{place}"].data:
                continue
            try:
                found.append(self._step(place, person_called))
            except Refusal as refusal:
                put_refusal(self, refusal)
        return found

    def _step(self, place: int, person_called: Callable[[str, str], UUID]) -> StepRule:
        chosen: str = self[f"approver_{place}"].data
        named_id = None
        if chosen.startswith("role:"):
            chosen, named_id = ApproverKind.ROLE.value, UUID(chosen.removeprefix("role:"))
        elif chosen == ApproverKind.PERSON.value:
            named_id = person_called(self[f"person_{place}"].data or "", f"person_{place}")
        instead: str = self[f"if_nobody_{place}"].data or ""
        if_nobody, if_nobody_named_id = _read_instead(instead)
        mode = StepMode(self[f"mode_{place}"].data)
        try:
            return StepRule(
                approver=ApproverKind(chosen),
                named_id=named_id,
                mode=mode,
                longer_than_days=self[f"longer_{place}"].data,
                notice_below_days=self[f"notice_{place}"].data,
                below_zero=bool(self[f"below_zero_{place}"].data),
                breaks_staffing=bool(self[f"breaks_staffing_{place}"].data),
                at_least=self[f"at_least_{place}"].data if mode is StepMode.SOME else None,
                if_nobody=if_nobody,
                if_nobody_named_id=if_nobody_named_id,
                agreed_if_nobody=instead == _AGREED,
            )
        except Refusal as refusal:
            field = _FIELDS.get(refusal.field or "", "at_least")
            raise Refusal(refusal.reason, field=f"{field}_{place}", step=place, **refusal.details) from None


class RejectionForm(FlaskForm):
    """Whether a no needs a reason."""

    needed = BooleanField(_l("Whoever says no has to say why"))


_FIELDS = {"longer_than_days": "longer", "notice_below_days": "notice"}


def _written_instead(step: StepRule) -> str:
    if step.agreed_if_nobody:
        return _AGREED
    if step.if_nobody is ApproverKind.ROLE:
        return f"role:{step.if_nobody_named_id}"
    return step.if_nobody.value if step.if_nobody is not None else ""


def _read_instead(chosen: str) -> tuple[ApproverKind | None, UUID | None]:
    if chosen.startswith("role:"):
        return ApproverKind.ROLE, UUID(chosen.removeprefix("role:"))
    return (ApproverKind(chosen), None) if chosen not in ("", _AGREED) else (None, None)


def _fields_of_a_step() -> dict[str, Any]:
    return {
        "approver": SelectField(_l("Who"), default=""),
        "person": StringField(
            _l("Work e-mail of the person"), filters=[one_line], validators=[Length(max=254)]
        ),
        "mode": SelectField(
            _l("How many"), choices=[SelectChoice(mode.value, said) for mode, said in MODES.items()]
        ),
        "longer": WholeNumberField(_l("Only if longer than so many days"), validators=[Optional()]),
        "notice": WholeNumberField(_l("Or sent less than so many days ahead"), validators=[Optional()]),
        "below_zero": BooleanField(_l("Or the balance goes below zero")),
        "breaks_staffing": BooleanField(_l("Or a rule of staffing is broken")),
        "at_least": WholeNumberField(_l("If several: how many"), validators=[Optional()]),
        "if_nobody": SelectField(_l("If it finds nobody, it asks"), default=""),
    }


for _place in PLACES:
    for _name, _field in _fields_of_a_step().items():
        setattr(StepsForm, f"{_name}_{_place}", _field)
