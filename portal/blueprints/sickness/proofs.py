"""Proofs of an absence: added, opened, accepted, removed."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.blueprints.sickness import blueprint
from portal.blueprints.sickness.forms import ProofForm
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services import absence_proofs
from portal.web.downloads import file_answer
from portal.web.guards import requires, signed_in
from portal.web.htmx import redirect_everywhere
from portal.web.refusals import sentence

_NOT_SHOWN = (Reason.NOT_FOUND, Reason.NOT_PERMITTED, Reason.OWN_REQUEST)


@blueprint.post("/c/<company>/absences/<uuid:absence_id>/proofs")
@signed_in
def add_proof(uow: UnitOfWork, absence_id: UUID) -> Response:
    form = ProofForm()
    if not form.validate():
        flash(_("Choose a file."), "danger")
        return _back(absence_id)
    name, content = form.file.data.filename, form.file.data.read()
    try:
        absence_proofs.add(uow, form.once, absence_id, file_name=name, content=content)
    except Refusal as refusal:
        if refusal.reason in _NOT_SHOWN:
            raise
        flash(sentence(refusal), "danger")  # nothing is written before the file is looked at
        return _back(absence_id)
    flash(_("The proof is kept. Only its owner and HR can open it."), "success")
    return _back(absence_id)


@blueprint.get("/c/<company>/absence-proofs/<uuid:proof_id>/file")
@signed_in
def proof_file(uow: UnitOfWork, proof_id: UUID) -> Response:
    download = absence_proofs.open_file(uow, proof_id)
    return file_answer(
        download.content, content_type=download.content_type, file_name=download.file_name, shown=True
    )


@blueprint.post("/c/<company>/absence-proofs/<uuid:proof_id>/acceptance")
@requires(Permission.SICKNESS_MANAGE)
def accept_proof(uow: UnitOfWork, proof_id: UUID) -> Response:
    absence_id = absence_proofs.accept(uow, proof_id)
    flash(_("The proof is accepted."), "success")
    return redirect(url_for("absences.show", absence_id=absence_id), 303)


@blueprint.post("/c/<company>/absence-proofs/<uuid:proof_id>/removal")
@signed_in
def remove_proof(uow: UnitOfWork, proof_id: UUID) -> Response:
    absence_id = absence_proofs.remove(uow, proof_id)
    flash(_("The proof is removed."), "success")
    return redirect(url_for("absences.show", absence_id=absence_id), 303)


def _back(absence_id: UUID) -> Response:
    return redirect_everywhere(url_for("absences.show", absence_id=absence_id))
