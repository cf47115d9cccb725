"""Findings in the data of time off in words: what is wrong, and what it means."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.domain.absence_costs import CountingMethod
from portal.services.absence_letters import VACATION
from portal.services.data_health import Finding, Problem
from portal.web.amounts import amount_in

PROBLEMS: dict[Problem, LazyString] = {
    Problem.BELOW_ZERO: _l("Balance below zero"),
    Problem.NO_APPROVER: _l("Request that nobody was asked to decide"),
    Problem.OVERTIME_WITHOUT_APPROVER: _l("Overtime that nobody was asked to decide"),
    Problem.OUTSIDE_EMPLOYMENT: _l("Time off outside of the employment"),
    Problem.NO_ENTITLEMENT: _l("No entitlement for this year"),
    Problem.NOT_CHARGED: _l("Working day that cost nothing"),
    Problem.BELOW_LAW: _l("Vacation shorter than the law asks"),
    Problem.TEAM_WITHOUT_MANAGER: _l("Team without a line manager"),
}
MEANINGS: dict[Problem, LazyString] = {
    Problem.BELOW_ZERO: _l(
        "More was taken from a year than it held. See the rows, and correct what is wrong."
    ),
    Problem.NO_APPROVER: _l(
        "Whoever's turn it was has left, or its owner has no line manager who is here. "
        "Open it and decide it or hand it over, or choose a manager."
    ),
    Problem.OVERTIME_WITHOUT_APPROVER: _l(
        "Whoever's turn it was has left, or there is no line manager who is here. "
        "Hand it over, or choose a manager."
    ),
    Problem.OUTSIDE_EMPLOYMENT: _l(
        "There is no contract on these days. Cancel the absence, or correct the contract."
    ),
    Problem.NO_ENTITLEMENT: _l("They work here and were granted nothing, so they can ask for nothing."),
    Problem.NOT_CHARGED: _l(
        "It was a holiday when it was asked for. Nobody is charged unless you correct it."
    ),
    Problem.BELOW_LAW: _l(
        "A full year gives less than the law pack of a site asks. "
        "See there what a lawyer must check, and change the rules."
    ),
    Problem.TEAM_WITHOUT_MANAGER: _l(
        "Nobody in it has a line manager who is here, so requests reach nobody."
    ),
}


def amount(finding: Finding) -> str:
    return amount_in(finding.amount, CountingMethod(finding.counting))


def type_name(finding: Finding) -> str:
    return _("Vacation") if finding.type_key == VACATION else finding.type_name
