"""Counts and times requests for Prometheus, by route: a route names no person and no company.

The web itself answers no question about them. Each process writes its figures into the folder named by
PROMETHEUS_MULTIPROC_DIR, and `flask metrics` serves the sums on an address of its own; without the folder nothing
is counted.
"""

from __future__ import annotations

import os
import time

from flask import Flask, Response, g, request
from prometheus_client import Histogram

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
#: Seconds. Pages are answered within tens of milliseconds; a PDF or an import takes longer.
_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_REQUESTS = Histogram(
    "staffroom_request_seconds",
    "Requests answered, by route, method and kind of answer.",
    ("route", "method", "answer"),
    buckets=_BUCKETS,
)
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def init_app(app: Flask) -> None:
    if os.environ.get(FOLDER):
        app.after_request(_count)


def _count(response: Response) -> Response:
    """What is not a route of ours has one name, or visitors could make as many series as they like."""
    route = request.endpoint or "none"
    method = request.method if request.method in _METHODS else "other"
    took = time.perf_counter() - g.get("started", time.perf_counter())
    _REQUESTS.labels(route, method, f"{response.status_code // 100}xx").observe(took)
    return response
