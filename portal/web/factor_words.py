"""The steps of signing in and the policies for second factors, in the reader's language."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.domain.second_factors import Factor, Policy

FACTORS: dict[str, LazyString] = {
    Factor.PASSKEY: _l("Passkey"),
    Factor.AUTHENTICATOR: _l("Authenticator app"),
    Factor.SMS: _l("Code by SMS"),
    Factor.RECOVERY_CODE: _l("Recovery code"),
}
_STEPS: dict[str, LazyString] = {
    "password": _l("Password"),
    "code": FACTORS[Factor.SMS],
    "sso": _l("Single sign-on"),
    **FACTORS,
}
POLICIES: dict[str, LazyString] = {
    Policy.OFF: _l("Nobody has to"),
    Policy.NAMED_ROLES: _l("Holders of certain roles"),
    Policy.EVERYONE: _l("Everybody"),
}


def step_label(step: str) -> str:
    """What was tried, as the history shows it."""
    return str(_STEPS.get(step, step))
