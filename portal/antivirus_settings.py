"""Where the virus scanner answers, as STAFFROOM_ANTIVIRUS says it; None: there is none."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from portal.integrations.antivirus import Clamd, NoScanner, Scanner
from portal.setting_error import SettingError

NAME = "STAFFROOM_ANTIVIRUS"
_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


def scanner(environ: Mapping[str, str]) -> Scanner:
    """Files of people travel there, so only over this machine's own ground, or encrypted."""
    given = environ.get(NAME, "")
    if given in {"", "off"}:
        return NoScanner()
    parts = urlsplit(given)
    if parts.scheme == "unix" and not parts.netloc and parts.path.startswith("/"):
        return Clamd(path=parts.path)
    try:
        host, port = parts.hostname or "", parts.port or 0
    except ValueError:
        host, port = "", 0
    if parts.scheme not in {"tcp", "tls"} or not host or not port or parts.path:
        raise SettingError(
            NAME, "must look like unix:/run/clamav/clamd.ctl, tcp://127.0.0.1:3310 or tls://scanner:3311"
        )
    if parts.scheme == "tcp" and host not in _THIS_MACHINE:
        raise SettingError(NAME, "must be tls:// for another machine: files of people travel there")
    return Clamd(host=host, port=port, tls=parts.scheme == "tls")
