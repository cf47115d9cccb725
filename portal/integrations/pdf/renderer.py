"""The only door to WeasyPrint: HTML and CSS in, PDF out, and nothing fetched from the network or the disk.

An address that is not among the assets in memory stops the rendering, because a page that asks for one is either
broken or an attack.
"""

import gc
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, NoReturn

import pydyf
from weasyprint import CSS, HTML
from weasyprint.document import Document
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
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        if not url.startswith(SCHEME) or url.removeprefix(SCHEME) not in self._assets:
            self._refuse(url)
        body, media_type = self._assets[url.removeprefix(SCHEME)]
        return URLFetcherResponse(url, body=body, headers={"Content-Type": media_type})

    def open(self, url: object, data: object = None, timeout: object = None) -> NoReturn:
        """The way around fetch() that urllib offers is shut."""
        self._refuse(str(url))

    def _refuse(self, url: str) -> NoReturn:
        # Noted as well, because WeasyPrint swallows even fatal errors while it draws an SVG.
        self.refused.append(url[:200])
        # Fatal, because it takes every other exception for a picture that is not there.
        raise FatalURLFetchingError(f"refused to fetch {url[:200]!r}")


def render_pdf(
    html: str, css: str, assets: Assets, *, tagged: bool = False, under: Sequence[bytes] = ()
) -> bytes:
    """Raises ForbiddenFetchError, and makes no PDF, if the document asks for anything but its assets.

    `under` is drawn beneath the text, a stream of PDF operators for each page (ValueError if there are more pages).
    WeasyPrint reads an SVG point by point, which takes four times as long as to write the same drawing down.
    """
    fetcher = AssetFetcher(assets)
    fonts = FontConfiguration()
    options: dict[str, Any] = {"pdf_variant": "pdf/ua-1", "pdf_tags": True} if tagged else {}
    try:
        with collector_paused():
            style = CSS(string=css, font_config=fonts, url_fetcher=fetcher)
            document = HTML(string=html, url_fetcher=fetcher)
            pdf: bytes = document.write_pdf(
                font_config=fonts, stylesheets=[style], finisher=partial(_draw_under, under), **options
            )
    except FatalURLFetchingError as error:
        # A BaseException of WeasyPrint's, which no caller would expect nor a job worker survive.
        raise ForbiddenFetchError(str(error)) from error
    if fetcher.refused:
        raise ForbiddenFetchError(f"refused to fetch {fetcher.refused}")
    return pdf


def _draw_under(drawings: Sequence[bytes], _document: Document, pdf: pydyf.PDF) -> None:
    if not drawings:
        return
    # Kids holds a number, a generation and an R for each page.
    for number, drawing in zip(pdf.pages["Kids"][::3], drawings, strict=True):
        page, stream = pdf.objects[number], pydyf.Stream([drawing], compress=True)
        pdf.add_object(stream)
        page["Contents"] = pydyf.Array([stream.reference, page["Contents"]])


class _Pause:
    """How many renderings keep the collector off, and whether the first of them found it on."""

    lock = threading.Lock()
    depth = 0
    was_on = True


@contextmanager
def collector_paused() -> Iterator[None]:
    """Switches the garbage collector off: looking over ten thousand live boxes again and again costs a fifth.

    Nested and parallel uses share one pause; the last to end it restores what the first found.
    """
    with _Pause.lock:
        if _Pause.depth == 0:
            _Pause.was_on = gc.isenabled()
            gc.disable()
        _Pause.depth += 1
    try:
        yield
    finally:
        with _Pause.lock:
            _Pause.depth -= 1
            if _Pause.depth == 0 and _Pause.was_on:
                gc.enable()
