"""The only door to WeasyPrint: HTML and CSS in, PDF out, and nothing fetched from the network or the disk.

An address that is not among the assets in memory stops the rendering, because a page that asks for one is either
broken or an attack.
"""

import gc
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NoReturn

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

SCHEME = "asset:"
Assets = Mapping[str, tuple[bytes, str]]


class ForbiddenFetchError(RuntimeError):
    """A document asked for something that is not part of it."""


class AssetFetcher(URLFetcher):  # type: ignore[misc]
    """Answers `asset:NAME` from memory. It has no handler that could open anything else, nor follow a redirect."""

    def __init__(self, assets: Assets) -> None:
        super().__init__(allowed_protocols=("asset",), allow_redirects=False, fail_on_errors=True)
        self._assets = assets

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        if not url.startswith(SCHEME) or url.removeprefix(SCHEME) not in self._assets:
            # Fatal, because WeasyPrint takes every other exception for a picture that is not there.
            raise FatalURLFetchingError(f"refused to fetch {url[:200]!r}")
        body, media_type = self._assets[url.removeprefix(SCHEME)]
        return URLFetcherResponse(url, body=body, headers={"Content-Type": media_type})

    def open(self, url: object, data: object = None, timeout: object = None) -> NoReturn:
        """The way around fetch() that urllib offers is shut."""
        raise FatalURLFetchingError(f"refused to open {str(url)[:200]!r}")


def render_pdf(html: str, css: str, assets: Assets, *, tagged: bool = False) -> bytes:
    """Raises ForbiddenFetchError, and makes no PDF, if the document asks for anything but its assets."""
    fetcher = AssetFetcher(assets)
    fonts = FontConfiguration()
    options: dict[str, Any] = {"pdf_variant": "pdf/ua-1", "pdf_tags": True} if tagged else {}
    try:
        with collector_paused():
            style = CSS(string=css, font_config=fonts, url_fetcher=fetcher)
            document = HTML(string=html, url_fetcher=fetcher)
            pdf: bytes = document.write_pdf(font_config=fonts, stylesheets=[style], **options)
    except FatalURLFetchingError as error:
        # A BaseException of WeasyPrint's, which no caller would expect nor a job worker survive.
        raise ForbiddenFetchError(str(error)) from error
    return pdf


_pausing = threading.Lock()
_paused = 0


@contextmanager
def collector_paused() -> Iterator[None]:
    """Switches the garbage collector off: a page is ten thousand live objects, and looking them over is a fifth of the time.

    Nested and parallel uses share one pause; the last one switches it on again, if the first found it on.
    """
    global _paused, _was_enabled  # noqa: PLW0603 - the collector is one per process, and so is its pause
    with _pausing:
        if _paused == 0:
            _was_enabled = gc.isenabled()
            gc.disable()
        _paused += 1
    try:
        yield
    finally:
        with _pausing:
            _paused -= 1
            if _paused == 0 and _was_enabled:
                gc.enable()


_was_enabled = True
