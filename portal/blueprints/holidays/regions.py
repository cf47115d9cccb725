"""Where a site takes its public holidays from, by date."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.blueprints.holidays import blueprint
from portal.blueprints.holidays.forms import RegionForm, country_choices
from portal.blueprints.holidays.lists import asked_site
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Refusal
from portal.services import holidays
from portal.web.form_refusals import put_refusal
from portal.web.guards import requires
from portal.web.htmx import form_answer


@blueprint.get("/c/<company>/holidays/region")
@requires(Permission.HOLIDAY_MANAGE)
def region(uow: UnitOfWork) -> str:
    country = request.args.get("country", "")
    data = {"site": str(asked_site() or ""), "country": country, "valid_from": uow.today()}
    form = RegionForm(formdata=None, data=data)
    form.offer(holidays.sites(uow))
    form.offer_regions(country)
    return render_template("holidays/region.html", form=form, countries=country_choices())


@blueprint.post("/c/<company>/holidays/region")
@requires(Permission.HOLIDAY_MANAGE)
def change_region(uow: UnitOfWork) -> Response | str:
    form = RegionForm()
    form.offer(holidays.sites(uow))
    form.offer_regions(form.country.data or "")
    if not form.validate():
        return form_answer("holidays/region.html", form=form, countries=country_choices())
    change = form.change()
    try:
        affected = holidays.preview_region(uow, change)
        if form.seen.data != str(len(affected)):
            kept = {
                "site": form.site.data,
                "country": change.country or "",
                "subdivision": change.subdivision or "",
                "valid_from": change.valid_from.isoformat(),
                "seen": str(len(affected)),
            }
            action = url_for("holidays.change_region")
            return render_template(
                "holidays/preview.html", days=[], change=change, affected=affected, kept=kept, action=action
            )
        holidays.change_region(uow, change)
    except Refusal as refusal:
        put_refusal(form, refusal)
        return form_answer("holidays/region.html", form=form, countries=country_choices())
    flash(_("Saved. Calendars, requests and rosters know it from now on."), "success")
    return redirect(url_for("holidays.index", site=form.site_id), 303)


@blueprint.post("/c/<company>/holidays/regions/<uuid:site_region_id>/removal")
@requires(Permission.HOLIDAY_MANAGE)
def drop_region(uow: UnitOfWork, site_region_id: UUID) -> Response:
    site_id = holidays.drop_region(uow, site_region_id)
    flash(_("The planned change is dropped."), "success")
    return redirect(url_for("holidays.index", site=site_id), 303)
