"""Any of several, as boxes to tick."""

from __future__ import annotations

from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget


class ChecksField(SelectMultipleField):
    """What is not offered is read all the same: the service refuses it, so that the reason is a rule's."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
