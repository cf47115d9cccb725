"""Static files: content-hashed URLs, one style sheet and one script, compressed once per process.

Does not copy anything from npm: that is scripts/vendor.py, run at set-up.
"""

import gzip
import mimetypes
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import brotli
from flask import Flask, Response, abort, current_app, request
from markupsafe import Markup  # noqa: TID251  # icon() is markup of ours, its parts are escaped
from werkzeug.utils import safe_join

from portal.web.guards import public

# What a page loads is two requests, whatever the number of our own files. The order is the cascade.
BUNDLES = {
    "portal.css": (
        "vendor/tabler.css",
        "css/tokens.css",
        "css/frame.css",
        "css/viewing.css",
        "css/support.css",
        "css/parts.css",
        "css/forms.css",
        "css/copyable.css",
        "css/sign_in.css",
        "css/documents.css",
        "css/people.css",
        "css/grid.css",
        "css/print.css",
    ),
    "portal.js": ("vendor/htmx.js", "js/portal.js", "js/grid.js"),
}
SPRITE = "vendor/icons.svg"
A_YEAR = 31_536_000

# In order of preference. Brotli's 11 would save 5 % more and cost each process half a second.
ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=9),
    "gzip": lambda body: gzip.compress(body, mtime=0),
}

_COMPRESSIBLE = ("text/", "image/svg+xml", "application/json", "application/manifest+json")
_CSS_URL = re.compile(r"url\((?P<quote>[\"']?)(?P<name>[\w./-]+)(?P=quote)\)")


@dataclass
class Asset:
    """One served file in memory, with each encoding made when it is first asked for."""

    body: bytes
    media_type: str
    digest: str
    encoded: dict[str, bytes] = field(default_factory=dict)

    def as_encoding(self, encoding: str) -> bytes:
        if encoding not in self.encoded:
            self.encoded[encoding] = ENCODERS[encoding](self.body)
        return self.encoded[encoding]

    @property
    def compressible(self) -> bool:
        return self.media_type.startswith(_COMPRESSIBLE)


class Assets:
    """The static folder as the browser sees it. With `watch`, an edited file is noticed without a restart."""

    def __init__(self, root: Path, *, watch: bool) -> None:
        self.root = root
        self.watch = watch
        self._known: dict[str, tuple[tuple[int, ...], Asset]] = {}

    def find(self, name: str) -> Asset | None:
        """The file or bundle of that name, or None. A name can never lead out of the folder."""
        if name in self._known and not self.watch:
            return self._known[name][1]
        paths = [self._path(part) for part in BUNDLES.get(name, (name,))]
        if not all(path and path.is_file() for path in paths):
            return None
        stamp = tuple(path.stat().st_mtime_ns for path in paths if path)
        if name not in self._known or self._known[name][0] != stamp:
            self._known[name] = (stamp, self._load(name))
        return self._known[name][1]

    def url(self, name: str) -> str:
        """The address of a file, which changes with its content."""
        asset = self.find(name)
        if asset is None:
            raise LookupError(f"There is no static file {name!r}. If it comes from npm, run `make setup`.")
        return f"/static/{name}?v={asset.digest}"

    def _path(self, name: str) -> Path | None:
        joined = safe_join(str(self.root), name)
        return Path(joined) if joined else None

    def _load(self, name: str) -> Asset:
        parts = [self._read(part) for part in BUNDLES.get(name, (name,))]
        body = b"\n".join(parts)
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        if media_type == "text/javascript" or name.endswith(".js"):
            media_type = "text/javascript"
        return Asset(body, media_type, sha256(body).hexdigest()[:16])

    def _read(self, name: str) -> bytes:
        body = (self.root / name).read_bytes()
        if not name.endswith(".css"):
            return body

        def hashed(match: re.Match[str]) -> str:
            # Addresses in a style sheet are relative to the file that it was written in.
            target = (self.root / name).parent / match["name"]
            return f'url("{self.url(target.resolve().relative_to(self.root.resolve()).as_posix())}")'

        return _CSS_URL.sub(hashed, body.decode()).encode()


def init_app(app: Flask) -> None:
    """Serve /static/ ourselves and give templates `asset` and `icon`."""
    root = Path(app.root_path) / "static"
    app.extensions["assets"] = Assets(root, watch=app.debug or app.testing)
    app.add_url_rule("/static/<path:filename>", endpoint="static", view_func=serve)
    app.jinja_env.globals.update(asset=asset, icon=icon)


def asset(name: str) -> str:
    """Template global: the content-hashed URL of a static file or bundle."""
    assets: Assets = current_app.extensions["assets"]
    return assets.url(name)


def icon(name: str, **attributes: str) -> Markup:
    """Template global: one decorative icon, `icon("plus", class="...")`. A button of it alone needs hidden text."""
    return _icon(asset(SPRITE), name, attributes.get("class", ""))


@lru_cache(maxsize=512)
def _icon(sprite: str, name: str, class_: str) -> Markup:
    if name not in _icon_names():
        raise LookupError(f"No icon {name!r}: add it to portal/web/icons.txt and run `make setup`.")
    return Markup('<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>').format(
        f"icon {class_}".strip(), sprite, name
    )


def _icon_names() -> frozenset[str]:
    assets: Assets = current_app.extensions["assets"]
    found = assets.find(SPRITE)
    return frozenset(re.findall(r'<symbol id="([\w-]+)"', found.body.decode())) if found else frozenset()


@public
def serve(filename: str) -> Response:
    """A static file. An address with the current hash is kept for a year, any other asked for again."""
    assets: Assets = current_app.extensions["assets"]
    found = assets.find(filename)
    if found is None:
        abort(404)
    encoding = _best_encoding() if found.compressible else None
    response = Response(found.as_encoding(encoding) if encoding else found.body, mimetype=found.media_type)
    response.set_etag(f"{found.digest}-{encoding}" if encoding else found.digest)
    if found.compressible:
        response.vary.add("Accept-Encoding")
    if encoding:
        response.content_encoding = encoding
    response.cache_control.public = True
    if request.args.get("v") == found.digest:
        response.cache_control.max_age = A_YEAR
        response.cache_control.immutable = True
    else:
        response.cache_control.no_cache = True
    response.make_conditional(request)
    return response


def _best_encoding() -> str | None:
    return next((name for name in ENCODERS if request.accept_encodings[name] > 0), None)
