"""Which service closes the data keys of companies, as the settings that begin with STAFFROOM_KMS say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from portal import setting_values
from portal.setting_error import SettingError

NAME = "STAFFROOM_KMS"
KNOWN = {
    NAME,
    *(f"{NAME}_{part}" for part in ("REGION", "KEY_ID", "SECRET", "ENDPOINT", "HELD_SECONDS", "CLOSES")),
}
#: Opened keys are held no longer than this, whatever is set.
_LONGEST = 3600


@dataclass(frozen=True)
class KmsSettings:
    """`key`: an id, an ARN or an alias."""

    key: str
    region: str
    key_id: str | None = None
    secret: str | None = field(default=None, repr=False)
    endpoint: str | None = None
    #: How long an opened key of a company is held in memory.
    held_seconds: int = 300
    #: Whether new keys are closed by it; off while one moves back to the file.
    closes: bool = True


def from_environ(environ: Mapping[str, str], *, production: bool) -> KmsSettings | None:
    """None: the master key file closes them."""
    if not environ.get(NAME):
        for name in sorted(KNOWN - {NAME}):
            if environ.get(name):
                raise SettingError(name, f"needs {NAME} beside it: the id, ARN or alias of the key")
        return None
    key_id, secret = (environ.get(f"{NAME}_{part}") or None for part in ("KEY_ID", "SECRET"))
    if (key_id is None) is not (secret is None):
        raise SettingError(
            f"{NAME}_KEY_ID", "needs _SECRET beside it, or neither: then the machine's role counts"
        )
    endpoint = environ.get(f"{NAME}_ENDPOINT") or None
    if endpoint is not None and not endpoint.startswith(("https://", "http://")):
        raise SettingError(f"{NAME}_ENDPOINT", "must start with https://")
    if production and endpoint is not None and not endpoint.startswith("https://"):
        raise SettingError(f"{NAME}_ENDPOINT", "must start with https:// in production: keys travel there")
    region = environ.get(f"{NAME}_REGION")
    if not region:
        raise SettingError(f"{NAME}_REGION", "is missing: where the key lies, such as eu-central-1")
    held = setting_values.whole_number(environ, f"{NAME}_HELD_SECONDS", default=KmsSettings.held_seconds)
    if held > _LONGEST:
        raise SettingError(f"{NAME}_HELD_SECONDS", f"must be at most {_LONGEST}")
    closes = setting_values.switch(environ, f"{NAME}_CLOSES", default=True)
    return KmsSettings(environ[NAME], region, key_id, secret, endpoint, held, closes)
