"""The colours that people choose from, for shifts and for types of absence."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice

COLOURS = [
    SelectChoice("blue", _l("Blue")),
    SelectChoice("green", _l("Green")),
    SelectChoice("orange", _l("Orange")),
    SelectChoice("purple", _l("Purple")),
    SelectChoice("teal", _l("Teal")),
    SelectChoice("pink", _l("Pink")),
    SelectChoice("yellow", _l("Yellow")),
    SelectChoice("grey", _l("Grey")),
]
