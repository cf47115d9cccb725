"""Sends one SMS: through Twilio, or nowhere, so that it stays in the local outbox. It logs neither number nor text."""

from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from requests import RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_TIMEOUT, _TOO_MANY = 408, 429
_OUR_CREDENTIALS = {401, 403}


class SmsFailed(Exception):
    """The message did not go out. `permanent`: this text to this number never will, so do not try again."""

    def __init__(self, *, permanent: bool, code: str) -> None:
        super().__init__(f"SMS not sent ({code})")
        self.permanent = permanent
        self.code = code


class SmsSender(Protocol):
    """Whoever takes a message of the outbox and carries it to a telephone."""

    def send(self, *, to: str, body: str) -> str | None:
        """The provider's reference, or None when the message never left; raises `SmsFailed`.

        A timeout may hide a message that did go out: delivery is at least once.
        """


@dataclass(frozen=True)
class OutboxOnly:
    """The twin without a provider: the message stays in the outbox, where the demo shows it."""

    def send(self, *, to: str, body: str) -> str | None:
        return None


@dataclass(frozen=True)
class TwilioSender:
    """Twilio's Messages API. `sender` is a number (+420...) or the id of a messaging service (MG...)."""

    account_sid: str
    auth_token: str = field(repr=False)
    sender: str
    base_url: str | None = None
    timeout: float = 5
    _client: Client = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        http = TwilioHttpClient(timeout=self.timeout)
        client = Client(self.account_sid, self.auth_token, http_client=http)
        if self.base_url is not None:
            client.api.base_url = _safe(self.base_url)
        object.__setattr__(self, "_client", client)

    def send(self, *, to: str, body: str) -> str | None:
        try:
            if self.sender.startswith("MG"):
                message = self._client.messages.create(to=to, body=body, messaging_service_sid=self.sender)
            else:
                message = self._client.messages.create(to=to, body=body, from_=self.sender)
        # `from None`: the provider's text quotes the number, and a logged traceback would show it.
        except TwilioRestException as error:
            raise SmsFailed(
                permanent=_is_permanent(error.status), code=str(error.code or error.status)
            ) from None
        except RequestException as error:
            raise SmsFailed(permanent=False, code=type(error).__name__) from None
        except (TwilioException, ValueError, KeyError) as error:
            raise SmsFailed(permanent=False, code=f"unreadable answer: {type(error).__name__}") from None
        if not isinstance(message.sid, str):
            raise SmsFailed(permanent=False, code="unreadable answer")
        return message.sid


def _is_permanent(status: int) -> bool:
    """The request itself is refused. Refused credentials are our fault, not the message's: it may go later."""
    return 400 <= status < 500 and status not in {_TIMEOUT, _TOO_MANY} | _OUR_CREDENTIALS


def _safe(base_url: str) -> str:
    parts = urlsplit(base_url)
    if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
        raise ValueError("The SMS provider is reached by https; plain http is for this machine alone.")
    return base_url.rstrip("/")
