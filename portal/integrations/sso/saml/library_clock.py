"""Time as python3-saml knows it: it is given the portal's clock, and its way of reading moments is used by us too.

By itself it reads the machine's clock, and allows a confirmation of the subject no deviation.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from time import time

from onelogin.saml2.utils import OneLogin_Saml2_Utils

#: How far the clocks of the portal and of a provider may be apart, either way.
DEVIATION = timedelta(seconds=60)

_now: ContextVar[int | None] = ContextVar("saml_now", default=None)


@contextmanager
def library_reads(now: datetime) -> Iterator[None]:
    """Inside, the library's time is `now` less the permitted deviation; `assertion.py` asks the exact times again."""
    before = _now.set(int((now - DEVIATION).timestamp()))
    try:
        yield
    finally:
        _now.reset(before)


def parse_moment(written: str) -> datetime:
    """A moment as SAML writes it; raises ValueError."""
    try:
        return datetime.fromtimestamp(OneLogin_Saml2_Utils.parse_SAML_to_time(written), UTC)
    except Exception as error:
        # The library raises a bare Exception for what it cannot read.
        raise ValueError(written) from error


def _read() -> int:
    told = _now.get()
    return int(time()) if told is None else told


# It has no setting for this. A context variable keeps threads and requests apart.
OneLogin_Saml2_Utils.now = staticmethod(_read)
