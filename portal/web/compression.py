"""Compresses pages on their way out, where that gives nothing away. Static files are compressed in assets.py.

A page that holds a secret (the form token) beside text that a stranger chose (a search term in the address)
must not be compressed for requests that the stranger can cause and count: the size would spell the secret out
(BREACH). Browsers say who caused a request in Sec-Fetch-Site, over redirects too; a page that another site
opened, or a browser that says nothing, gets the plain text. Our cookies are SameSite besides.
"""

import gzip

import brotli
from flask import Flask, Response, request

SMALLEST = 1024  # bytes; below, the headers cost more than is saved
_CAUSED_BY_US = {"same-origin", "none"}  # none: typed, a bookmark


def init_app(app: Flask) -> None:
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if response.mimetype != "text/html" or response.is_streamed or response.direct_passthrough:
        return response
    response.vary.update(["Accept-Encoding", "Sec-Fetch-Site"])
    if response.content_encoding or request.headers.get("Sec-Fetch-Site") not in _CAUSED_BY_US:
        return response
    body = response.get_data()
    if len(body) < SMALLEST:
        return response
    accepted = request.accept_encodings
    if accepted["br"] > 0:
        # 4 of 11: 0.6 ms for a grid of 138 KiB, 11 KiB out.
        response.set_data(brotli.compress(body, quality=4))
        response.content_encoding = "br"
    elif accepted["gzip"] > 0:
        response.set_data(gzip.compress(body, compresslevel=1, mtime=0))
        response.content_encoding = "gzip"
    return response
