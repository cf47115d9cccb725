"""The one way out to identity providers: https, named hosts, no redirects, short, and small."""

from __future__ import annotations

from collections.abc import Set
from typing import Any
from urllib.parse import urlsplit

import requests

from portal.integrations.sso.drivers import ProviderDown

TIMEOUT_SECONDS = 5
LARGEST_ANSWER = 512 * 1024


class GuardedSession(requests.Session):
    """A session that reaches the given hosts alone; what the other side says cannot send it anywhere else."""

    def __init__(self, hosts: Set[str]) -> None:
        super().__init__()
        self._hosts = hosts

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **options: Any) -> requests.Response:
        parts = urlsplit(url if isinstance(url, str) else url.decode())
        if parts.scheme != "https" or parts.hostname not in self._hosts or parts.port not in {None, 443}:
            raise ProviderDown(f"not a place of this provider: {parts.hostname}")
        options.update(timeout=TIMEOUT_SECONDS, allow_redirects=False, stream=True)
        try:
            response = super().request(method, url, *args, **options)
            _read(response)
        except requests.RequestException as error:
            # `from None`: the text of the error quotes the address, which may carry a code.
            raise ProviderDown(f"{parts.hostname}: {type(error).__name__}") from None
        return response


def _read(response: requests.Response) -> None:
    """Takes in the body up to the limit; whoever asks for it later finds it read."""
    body = b""
    for piece in response.iter_content(64 * 1024):
        body += piece
        if len(body) > LARGEST_ANSWER:
            response.close()
            raise ProviderDown("the answer is too large")
    response._content = body
