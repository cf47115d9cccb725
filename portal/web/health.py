"""Two answers for machines: is the process alive, and can it do its work."""

from __future__ import annotations

from flask import Flask, Response, current_app, jsonify
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.db import without_company
from portal.services.backups import watching
from portal.web.guards import public


def init_app(app: Flask) -> None:
    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/readyz", "readyz", readyz)


@public
def healthz() -> Response:
    """The process answers. Says nothing of the database, so that a lost one does not restart the web."""
    return jsonify(status="ok")


@public
def readyz() -> Response:
    """The database answers too; 503 takes this process out of the load balancer."""
    try:
        with without_company() as session:
            session.execute(text("SELECT 1 FROM company LIMIT 1"))
    except DBAPIError:
        answer = jsonify(status="database out of reach")
        answer.status_code = 503
        return answer
    staffroom = current_app.extensions["staffroom"]
    if staffroom.settings.backups.place is None:
        return jsonify(status="ok")
    # Late backups are somebody's business, and no reason to turn people away.
    return jsonify(status="ok", backups=watching.state(staffroom.clock.now()))
