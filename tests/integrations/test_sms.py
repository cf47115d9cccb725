"""The real Twilio client against an end on this machine that answers as Twilio does."""

import base64
import logging

import pytest

from portal.integrations.sms import OutboxOnly, SmsFailed, TwilioSender
from tests.fixtures.twilio_end import MESSAGE, TwilioEnd

SID, TOKEN = "AC" + "0" * 32, "the-token-of-acme"
EVE, CODE = "+420777123456", "123456 is your Staffroom code for Acme."


def sender(end: TwilioEnd, *, number: str = "+15005550006", timeout: float = 5) -> TwilioSender:
    return TwilioSender(SID, TOKEN, number, base_url=end.url, timeout=timeout)


def test_it_sends_as_twilio_expects(twilio: TwilioEnd) -> None:
    assert sender(twilio).send(to=EVE, body=CODE) == MESSAGE
    asked = twilio.asked[0]
    assert asked["path"] == f"/2010-04-01/Accounts/{SID}/Messages.json"
    assert asked["auth"] == "Basic " + base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()
    assert (asked["To"], asked["From"], asked["Body"]) == (EVE, "+15005550006", CODE)


def test_it_sends_through_a_messaging_service(twilio: TwilioEnd) -> None:
    service = "MG" + "2" * 32
    sender(twilio, number=service).send(to=EVE, body=CODE)
    assert twilio.asked[0]["MessagingServiceSid"] == service
    assert "From" not in twilio.asked[0]


@pytest.mark.parametrize(
    ("status", "code", "permanent"),
    [
        (400, 21211, True),  # The number is not valid.
        (400, 21610, True),  # Its owner has unsubscribed.
        (401, 20003, False),  # Our credentials, not this message.
        (429, 20429, False),
        (500, 20500, False),
        (503, 20503, False),
    ],
)
def test_it_tells_what_may_be_tried_again(twilio: TwilioEnd, status: int, code: int, permanent: bool) -> None:
    """T63: every failure ends as one the caller can act on; none looks like a message sent."""
    twilio.refuses(status, code)
    with pytest.raises(SmsFailed) as failed:
        sender(twilio).send(to=EVE, body=CODE)
    assert (failed.value.permanent, failed.value.code) == (permanent, str(code))
    assert len(twilio.asked) == 1


def test_a_provider_that_hangs_is_left_after_the_timeout(twilio: TwilioEnd) -> None:
    """T63: a silent provider costs the timeout, not a worker."""
    twilio.hangs = True
    with pytest.raises(SmsFailed) as failed:
        sender(twilio, timeout=0.2).send(to=EVE, body=CODE)
    assert not failed.value.permanent


def test_a_provider_that_is_down_is_not_permanent(twilio: TwilioEnd) -> None:
    end = TwilioEnd()
    end.server_close()
    with pytest.raises(SmsFailed) as failed:
        sender(end).send(to=EVE, body=CODE)
    assert not failed.value.permanent


@pytest.mark.parametrize("answer", [(201, b"<html>"), (201, b"{}"), (400, b"<html>"), (302, b"")])
def test_an_answer_that_is_none_is_a_failure(twilio: TwilioEnd, answer: tuple[int, bytes]) -> None:
    twilio.answer = answer
    with pytest.raises(SmsFailed):
        sender(twilio).send(to=EVE, body=CODE)


def test_number_and_text_appear_in_no_log_and_no_error(
    twilio: TwilioEnd, caplog: pytest.LogCaptureFixture
) -> None:
    """T64: neither the code nor the number nor our token is in a log line or an error, the provider's included."""
    caplog.set_level(logging.DEBUG)
    sender(twilio).send(to=EVE, body=CODE)
    twilio.refuses(400, 21211)
    with pytest.raises(SmsFailed) as failed:
        sender(twilio).send(to=EVE, body=CODE)
    seen = caplog.text + str(failed.value) + repr(failed.value) + repr(sender(twilio))
    for secret in ("777123456", "123456 is", TOKEN):
        assert secret not in seen
    assert failed.value.__suppress_context__


def test_plain_http_is_for_this_machine_alone() -> None:
    """P9: the provider is reached over TLS."""
    with pytest.raises(ValueError, match="https"):
        TwilioSender(SID, TOKEN, "+15005550006", base_url="http://twilio.example")


def test_without_a_provider_the_message_stays() -> None:
    assert OutboxOnly().send(to=EVE, body=CODE) is None
