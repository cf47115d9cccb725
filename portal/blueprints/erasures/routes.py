"""Shows a certificate, as a page and as the signed file."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from flask import abort, render_template
from werkzeug.wrappers import Response

from portal.blueprints.erasures import blueprint
from portal.services import erasures
from portal.web.downloads import file_answer
from portal.web.guards import public


@blueprint.get("/erasures/<uuid:erasure_id>")
@public
def show(erasure_id: UUID) -> str:
    """404 until the erasure begins."""
    certificate = erasures.find(erasure_id) or abort(404)
    moments = {
        name: datetime.fromisoformat(certificate[name]) if certificate[name] else None
        for name in ("begun_at", "finished_at")
    }
    return render_template(
        "erasures/show.html", certificate=certificate, backup_days=erasures.BACKUP_DAYS, **moments
    )


@blueprint.get("/erasures/<uuid:erasure_id>/certificate")
@public
def download(erasure_id: UUID) -> Response:
    certificate = erasures.find(erasure_id) or abort(404)
    content = json.dumps(certificate, indent=2, sort_keys=True).encode() + b"\n"
    return file_answer(content, content_type="application/json", file_name=f"erasure-{erasure_id}.json")
