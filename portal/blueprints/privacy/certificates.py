"""The certificate of an erasure, as a page of its request and on paper."""

from __future__ import annotations

from uuid import UUID

from flask import Response
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from portal.blueprints.privacy import blueprint
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.integrations.pdf.certificate import CertificateSheet, render_certificate
from portal.services.forgetting import lists
from portal.web import data_map_words as words
from portal.web.downloads import file_answer
from portal.web.filters import datetime_local, day
from portal.web.guards import requires


@blueprint.get("/c/<company>/privacy/requests/<uuid:erasure_id>/certificate.pdf")
@requires(Permission.PRIVACY_MANAGE)
def certificate(uow: UnitOfWork, erasure_id: UUID) -> Response:
    found = lists.certificate(uow, erasure_id)
    pdf = render_certificate(_sheet(found))
    return file_answer(
        pdf, content_type="application/pdf", file_name=f"erasure-{found.request_id}.pdf", shown=True
    )


def _sheet(found: lists.Certificate) -> CertificateSheet:
    facts = [
        (_("Company"), found.company),
        (_("Request"), str(found.request_id)),
        (_("Person (pseudonym)"), str(found.person_id)),
        (_("Received on"), day(found.received_on)),
        (_("Approved at"), datetime_local(found.approved_at) if found.approved_at else "–"),
        (_("Finished at"), datetime_local(found.finished_at) if found.finished_at else _("not yet")),
        (_("Erased in total"), ngettext("%(num)s entry", "%(num)s entries", found.rows)),
    ]
    return CertificateSheet(
        language=str(get_locale()),
        title=_("Certificate of erasure"),
        lead=_("The data below were erased from Staffroom and cannot be brought back from it."),
        facts=facts,
        done_heading=(_("Data"), _("Entries"), _("Erased at")),
        done=[
            (
                words.table_label(one.table),
                str(one.rows or 0),
                datetime_local(one.done_at) if one.done_at else "",
            )
            for one in found.done
        ],
        later_title=_("Kept for a time, because the law asks for it"),
        later_heading=(_("Data"), _("Erased on")),
        later=[(words.table_label(one.table), day(one.due_on)) for one in found.later],
        foot=_(
            "Backups made before still hold the data until they are deleted; a restore erases the person again."
            " SHA-256 of this content:"
        ),
        sha256=found.sha256,
    )
