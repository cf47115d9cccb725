"""Where a domain stands and what a look at the DNS found, in the words of the admins' page and the log."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.domain.email_domains import DomainStatus, Finding

F = Finding
STATUSES: dict[DomainStatus, LazyString] = {
    DomainStatus.WAITING: _l("Waiting for the record"),
    DomainStatus.VERIFIED: _l("Verified"),
    DomainStatus.LOST: _l("Lost"),
}
#: In a word, for the log.
FOUND: dict[Finding, LazyString] = {
    F.FOUND: _l("The record is there"),
    F.NO_RECORD: _l("No such record"),
    F.OTHER_VALUE: _l("A record with another value"),
    F.NO_ANSWER: _l("The name servers did not answer"),
}
#: What to do about it.
FINDINGS: dict[Finding, LazyString] = {
    F.FOUND: _l(
        "The record is right, but another company here has proven this domain before. If it is yours, ask the"
        " operator of this portal."
    ),
    F.NO_RECORD: _l(
        "There is no TXT record with this name yet. New records can take an hour, rarely a day, to appear."
    ),
    F.OTHER_VALUE: _l(
        "There is a TXT record with this name, but none has this value. Compare the two, also their ends."
    ),
    F.NO_ANSWER: _l("The name servers of this domain did not answer. Try again in a few minutes."),
}
