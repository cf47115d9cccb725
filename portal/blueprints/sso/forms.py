"""The one thing asked of somebody who adds or removes a way in: who they are, again."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import Length


class ProofForm(FlaskForm):
    """Empty is fine for who signed in a moment ago; the service knows."""

    password = PasswordField(_l("Your current password"), validators=[Length(max=400)])
