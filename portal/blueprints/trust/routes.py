"""The public page of evidence."""

from __future__ import annotations

from flask import current_app, render_template

from portal.blueprints.trust import blueprint
from portal.integrations.evidence import EvidenceFolder
from portal.services import evidence, processors
from portal.web.guards import public


@blueprint.get("/trust")
@public
def show() -> str:
    """Six statements, however large the installation is."""
    staffroom = current_app.extensions["staffroom"]
    now = staffroom.clock.now()
    return render_template(
        "trust/show.html",
        now=now,
        version=staffroom.settings.version,
        evidence=evidence.collect(
            EvidenceFolder(staffroom.settings.instance / "evidence"),
            now,
            off=frozenset() if staffroom.outside.antivirus.on else frozenset({"antivirus"}),
        ),
        processors=processors.register(now.date()),
    )
