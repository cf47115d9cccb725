"""Letters and text messages: written in the transaction that causes them, sent after the commit by a job.

A message is sent at least once; its id makes the mail's Message-ID, so a second copy is recognised.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.integrations.letters import render_letter, render_sms
from portal.integrations.mail import Mail, MailFailed
from portal.integrations.sms import SmsFailed
from portal.models.employee import Employee
from portal.models.outbox_message import Channel, MessageStatus, OutboxMessage
from portal.services import queue, sealing

SEND_TASK = "send_message"
_MOST_ATTEMPTS = 8


@dataclass(frozen=True)
class ShownMessage:
    """A message as the local outbox shows it."""

    id: UUID
    channel: Channel
    status: MessageStatus
    to: str
    subject: str
    text: str
    created_at: datetime


def queue_mail(
    uow: UnitOfWork,
    employee: Employee,
    template: str,
    *,
    to: str | None = None,
    language: str | None = None,
    **context: Any,
) -> None:
    """A letter from templates/emails to the employee's work address, or `to` another of theirs, in their language."""
    context = {"company_name": uow.company.name, "person_name": employee.name, **context}
    letter = render_letter(template, language or employee.language, context)
    content = {
        "to": to or employee.email,
        "to_name": employee.name,
        "subject": letter.subject,
        "text": letter.text,
        "html": letter.html,
    }
    _queue(uow, Channel.MAIL, template, employee.id, content)


def queue_sms(uow: UnitOfWork, employee: Employee, template: str, *, to: str, **context: Any) -> None:
    """A text message from templates/sms to the number `to` (E.164)."""
    letter = render_sms(template, employee.language, {"company_name": uow.company.name, **context})
    _queue(
        uow, Channel.SMS, template, employee.id, {"to": to, "to_name": "", "subject": "", "text": letter.text}
    )


def send(uow: UnitOfWork, message_id: UUID) -> bool:
    """Hands a queued message to its sender; what was sent before is left alone. False: try again later."""
    message = uow.session.scalars(
        select(OutboxMessage).where(OutboxMessage.id == message_id).with_for_update()
    ).one_or_none()
    if message is None or message.status is not MessageStatus.QUEUED:
        return True
    message.attempts += 1
    try:
        reference = _hand_over(uow, message)
    except (MailFailed, SmsFailed) as failed:
        message.failure = failed.code
        if failed.permanent or message.attempts >= _MOST_ATTEMPTS:
            message.status = MessageStatus.FAILED
        return message.status is MessageStatus.FAILED
    message.status = MessageStatus.KEPT if reference is None else MessageStatus.SENT
    message.sent_at = uow.clock.now()
    return True


def list_latest(uow: UnitOfWork, limit: int = 50) -> list[ShownMessage]:
    """The company's newest messages with their text, for the local outbox of a demonstration."""
    rows = uow.session.scalars(select(OutboxMessage).order_by(OutboxMessage.created_at.desc()).limit(limit))
    return [_shown(uow, row) for row in rows]


def _queue(
    uow: UnitOfWork, channel: Channel, template: str, employee_id: UUID | None, content: dict[str, Any]
) -> None:
    message_id = uuid4()
    sealed = sealing.seal(
        uow, json.dumps(content), row=OutboxMessage, column="letter_sealed", row_id=message_id
    )
    uow.session.add(
        OutboxMessage(
            id=message_id,
            channel=channel,
            template=template,
            employee_id=employee_id,
            letter_sealed=sealed,
            status=MessageStatus.QUEUED,
            created_at=uow.clock.now(),
        )
    )
    queue.defer(uow, SEND_TASK, message_id=str(message_id))


def _hand_over(uow: UnitOfWork, message: OutboxMessage) -> str | None:
    content = _content(uow, message)
    if message.channel is Channel.SMS:
        sent: str | None = uow.outside.sms.send(to=content["to"], body=content["text"])
        return sent
    mail = Mail(
        outbox_id=message.id,
        to=content["to"],
        to_name=content["to_name"],
        subject=content["subject"],
        text=content["text"],
        written_at=message.created_at,
        html=content.get("html"),
    )
    sent = uow.outside.mail.send(mail)
    return sent


def _content(uow: UnitOfWork, message: OutboxMessage) -> dict[str, Any]:
    opened = sealing.open_text(
        uow, message.letter_sealed, row=OutboxMessage, column="letter_sealed", row_id=message.id
    )
    content: dict[str, Any] = json.loads(opened)
    return content


def _shown(uow: UnitOfWork, row: OutboxMessage) -> ShownMessage:
    content = _content(uow, row)
    return ShownMessage(
        row.id, row.channel, row.status, content["to"], content["subject"], content["text"], row.created_at
    )
