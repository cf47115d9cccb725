"""Tells the operator of this installation what is wrong with it: once when it begins, then once a day, by mail and log.

The rows belong to the operator and to no company, so no company's audit log has a place for them. Like the
commands, these letters are in English.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import select

from portal.db import operator_work
from portal.integrations.mail import Mail, MailFailed, MailSender
from portal.models.backup import OperatorAlarm

AGAIN_AFTER = timedelta(hours=24)
_LOG = logging.getLogger("portal.operator")


@dataclass(frozen=True)
class Letters:
    """Where they go; without an address the log alone says it."""

    mail: MailSender
    to: str | None
    #: The portal's own address, so that an operator of several knows which one.
    url: str


def tell(wrong: Mapping[str, str], *, of: frozenset[str], now: datetime, letters: Letters) -> list[str]:
    """`wrong`: kinds of trouble and the sentence for each; `of`: the kinds that were looked at, so that one of them
    that is no longer wrong is over. Answers the kinds that somebody was told of now.
    """
    with operator_work() as session:
        known = {alarm.kind: alarm for alarm in session.scalars(select(OperatorAlarm))}
        for kind in sorted((of & known.keys()) - wrong.keys()):
            _LOG.warning("alarm over: %s", kind)
            session.delete(known[kind])
        told = []
        for kind, sentence in wrong.items():
            alarm = known.get(kind) or OperatorAlarm(kind=kind, since=now)
            session.add(alarm)
            if alarm.told_at is not None and now - alarm.told_at < AGAIN_AFTER:
                continue
            _LOG.error("alarm: %s since %s: %s", kind, alarm.since.isoformat(timespec="seconds"), sentence)
            if _send(kind, sentence, alarm.since, now, letters):
                alarm.told_at = now
                told.append(kind)
    return told


def tell_once(kind: str, sentence: str, *, now: datetime, letters: Letters) -> bool:
    """Where nothing may be remembered, because the database is what is damaged."""
    _LOG.error("alarm: %s: %s", kind, sentence)
    return _send(kind, sentence, now, now, letters)


def _send(kind: str, sentence: str, since: datetime, now: datetime, letters: Letters) -> bool:
    """False: try again at the next look."""
    if letters.to is None:
        return True
    text = (
        f"{sentence}\n\nPortal: {letters.url}\nSince: {since:%Y-%m-%d %H:%M} UTC\n\n"
        f"What to do stands in docs/{_page(kind)}. This letter comes again every day until it is mended.\n"
    )
    mail = Mail(
        outbox_id=uuid5(NAMESPACE_URL, f"{letters.url}/alarms/{kind}/{now.isoformat()}"),
        to=letters.to,
        to_name="",
        subject=f"Staffroom alarm: {sentence.partition('.')[0]}",
        text=text,
        written_at=now,
    )
    try:
        letters.mail.send(mail)
    except MailFailed as failed:
        _LOG.error("the operator could not be told of %s: %s", kind, failed.code)
        return False
    return True


def _page(kind: str) -> str:
    return "operations.md" if kind.startswith(("incident:", "antivirus-")) else "backups.md"
