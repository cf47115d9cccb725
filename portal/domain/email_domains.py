"""E-mail domains of companies: which may be claimed, how one is proven, and when a proof has lapsed.

A domain is proven by a TXT record that only whoever keeps its DNS can publish. Nothing is looked up here.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from enum import StrEnum

from portal.domain.refusals import Reason, Refusal

#: Where the record is looked for: below the domain, out of the way of its mail and web.
CHALLENGE = "_staffroom-challenge"
_VALUE = "staffroom-verification="
#: How often a proven domain is looked at again.
RECHECK_AFTER = timedelta(days=30)
#: How long a domain goes on counting after its record was missed first.
GRACE = timedelta(days=14)
#: Name servers that never answer are a fault for this long, then as good as a missing record.
PATIENCE = timedelta(days=60)
MOST_DOMAINS = 50

_LONGEST = 253 - len(CHALLENGE) - 1
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_TOP_LEVEL = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{1,59}")
#: Names below which strangers register theirs. Whoever could prove one would speak for all of them.
_SUFFIXES = frozenset(
    "ac.at ac.uk app.link azurewebsites.net blogspot.com cloudfront.net co.at co.cz co.hu co.il co.in co.jp"
    " co.kr co.nz co.pl co.th co.uk co.za com.ar com.au com.br com.cn com.hk com.mx com.pl com.sg com.tr"
    " com.tw com.ua eu.com fly.dev github.io gitlab.io gov.cz gov.pl gov.uk gv.at herokuapp.com net.au net.pl"
    " netlify.app nhs.uk onmicrosoft.com or.at org.au org.pl org.uk pages.dev plc.uk sharepoint.com sch.uk"
    " vercel.app waw.pl web.app workers.dev".split()
)
#: Where anybody gets a mailbox: an address there says nothing about an employer.
_FREE_MAIL = frozenset(
    "aol.com atlas.cz atlas.sk azet.sk bluewin.ch centrum.cz centrum.sk email.cz fastmail.com freenet.de gmail.com"
    " gmx.at gmx.ch gmx.com gmx.de gmx.net googlemail.com hey.com hotmail.com hotmail.de icloud.com"
    " interia.pl live.com mac.com mail.com mail.de mailbox.org me.com msn.com o2.pl onet.pl outlook.com"
    " outlook.cz outlook.de pobox.sk pm.me post.cz posteo.de proton.me protonmail.com seznam.cz t-online.de tuta.com"
    " tutanota.com volny.cz web.de wp.pl yahoo.co.uk yahoo.com yahoo.de ymail.com zoho.com zoznam.sk".split()
)


class DomainStatus(StrEnum):
    """Where a claim stands. A verified one counts, also while its record is missed for GRACE."""

    WAITING = "waiting"
    VERIFIED = "verified"
    LOST = "lost"


class Finding(StrEnum):
    """What a look at the DNS found."""

    FOUND = "found"
    #: No TXT record has the name.
    NO_RECORD = "no-record"
    #: There are such records, none with our value.
    OTHER_VALUE = "other-value"
    #: No name server gave an answer.
    NO_ANSWER = "no-answer"


class Step(StrEnum):
    """What follows from a look at a verified domain."""

    KEEP = "keep"
    #: Missed for the first time: its admins are warned, GRACE begins.
    WARN = "warn"
    #: Missed until GRACE was over: it no longer counts.
    LOSE = "lose"


def checked(ascii_name: str) -> str:
    """The domain as it is kept, from its ASCII form; refused when it is none, or nobody's own."""
    name = ascii_name.removesuffix(".").lower()
    labels = name.split(".")
    if name.count(".") == 0 or not all(map(_LABEL.fullmatch, labels)) or not _TOP_LEVEL.fullmatch(labels[-1]):
        raise Refusal(Reason.DOMAIN_INVALID, field="domain")
    if len(name) > _LONGEST:
        raise Refusal(Reason.DOMAIN_INVALID, field="domain")
    if name in _SUFFIXES:
        raise Refusal(Reason.DOMAIN_PUBLIC_SUFFIX, field="domain", domain=name)
    if name in _FREE_MAIL:
        raise Refusal(Reason.DOMAIN_FREE_MAIL, field="domain", domain=name)
    return name


def bare(typed: str) -> str:
    """What was typed without what people add: spaces, a leading @, a final dot. Still in their letters."""
    name = typed.strip().removeprefix("@").strip().removesuffix(".")
    if "@" in name or "/" in name or ":" in name:
        raise Refusal(Reason.DOMAIN_NOT_ALONE, field="domain")
    return name


def record_name(domain: str) -> str:
    """The full name of the TXT record."""
    return f"{CHALLENGE}.{domain}"


def record_value(token: str) -> str:
    """The value that the record must have; each claim has a token of its own."""
    return f"{_VALUE}{token}"


def finding(values: list[str] | None, token: str) -> Finding:
    """What the values at the name say; None means that no server answered."""
    if values is None:
        return Finding.NO_ANSWER
    if record_value(token) in (value.strip() for value in values):
        return Finding.FOUND
    return Finding.OTHER_VALUE if values else Finding.NO_RECORD


def is_due(last_found_at: datetime, now: datetime) -> bool:
    """Is it time to look again? A missed one is looked at every day, because its last find grows older."""
    return last_found_at <= now - RECHECK_AFTER


def next_step(
    found: Finding, *, last_found_at: datetime, missing_since: datetime | None, now: datetime
) -> Step:
    """What a look at a verified domain leads to."""
    if found is Finding.FOUND:
        return Step.KEEP
    if found is Finding.NO_ANSWER and now - last_found_at < PATIENCE:
        return Step.KEEP
    if missing_since is None:
        return Step.WARN
    return Step.LOSE if now - missing_since >= GRACE else Step.KEEP


def counts_until(missing_since: datetime) -> datetime:
    """Until when a missed domain goes on counting."""
    return missing_since + GRACE
