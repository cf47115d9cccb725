"""The form of an absence for many people: what it is and when. Whom it is for, each page adds."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, ValidationError

from portal.domain.group_entries import LONGEST_NAME
from portal.domain.periods import Part
from portal.services.balances import TypeFacts
from portal.services.group_entries.planning import GroupWish
from portal.web.absence_words import type_label
from portal.web.dates_fields import DatesFields
from portal.web.text_filters import one_line


class GroupForm(DatesFields):
    key = HiddenField()
    #: What the page has shown; empty before it has.
    seen = HiddenField()
    name = StringField(_l("Note"), filters=[one_line], validators=[Length(max=LONGEST_NAME)])
    absence_type_id = SelectField(_l("Type"))

    def validate_key(self, field: HiddenField) -> None:
        try:
            UUID(field.data or "")
        except ValueError:
            raise ValidationError(_("This form is damaged. Reload the page.")) from None

    def offer_types(self, kinds: list[TypeFacts]) -> None:
        self.absence_type_id.choices = [SelectChoice(str(one.id), type_label(one)) for one in kinds]
        self.key.data = self.key.data or str(uuid4())

    def wish(self, absence_type_id: UUID, *, beside_others: bool = False) -> GroupWish:
        """Half of a day is possible only at its beginning; of a single day either half."""
        last = self.end_date.data or self.start_date.data
        return GroupWish(
            absence_type_id,
            self.start_date.data,
            last,
            Part(self.first_part.data),
            name=self.name.data or "",
            beside_others=beside_others,
        )

    @property
    def kept(self) -> dict[str, str]:
        """What the page that asks for the yes carries on."""
        return {
            name: str(field.data if field.data is not None else "")
            for name, field in self._fields.items()
            if name not in {"csrf_token", "seen", "breaches_seen"}
            and not (field.type == "BooleanField" and not field.data)
        }
