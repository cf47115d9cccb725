"""Answers to "why can this person do this?" as sentences."""

from __future__ import annotations

from flask_babel import gettext as _

from portal.domain.permissions import Reach
from portal.services.role_answers import AllowingRole, Answer, Colleague, Rights
from portal.web.permission_words import REACHES, reach_label
from portal.web.role_words import role_label


def verdict(rights: Rights, answer: Answer) -> str:
    """Yes or no, first and in one sentence."""
    other = answer.colleague is not None and not answer.colleague.same
    names = {"name": rights.name, "colleague": answer.colleague.name if answer.colleague else ""}
    if answer.allowed:
        if other:
            return _("Yes, %(name)s may do this for %(colleague)s.", **names)
        return _("Yes, %(name)s may do this.", **names)
    if other:
        return _("No, %(name)s may not do this for %(colleague)s.", **names)
    return _("No, %(name)s may not do this.", **names)


def because(rights: Rights, answer: Answer) -> list[str]:
    """The reasons, each a sentence: what the roles allow, and how the colleague stands to the person."""
    said = []
    if not rights.active:
        said.append(_("%(name)s has left and cannot sign in, whatever the roles say.", name=rights.name))
    if answer.never_own:
        said.append(_("Nobody has this right over themselves, whatever the roles say."))
    said += [_role_sentence(answer, role) for role in answer.held]
    if not answer.held:
        said.append(_("No role of %(name)s allows it.", name=rights.name))
    if answer.colleague is not None:
        said += _standing(rights.name, answer.colleague)
    return said


def _role_sentence(answer: Answer, role: AllowingRole) -> str:
    words = {"role": role_label(role.key, role.name), "reach": reach_label(answer.permission, role.reach)}
    colleague = answer.colleague
    if colleague is None:
        return _("The role %(role)s allows it: %(reach)s.", **words)
    if role.reach >= colleague.needed:
        return _(
            "The role %(role)s allows it: %(reach)s. %(name)s lies within.", name=colleague.name, **words
        )
    return _(
        "The role %(role)s allows it, but not that far: %(reach)s. For %(name)s it would take: %(needed)s.",
        name=colleague.name,
        needed=REACHES[colleague.needed],
        **words,
    )


def _standing(name: str, colleague: Colleague) -> list[str]:
    if colleague.same:
        return []
    said = []
    if colleague.report:
        said.append(_("%(name)s is the line manager of %(other)s.", name=name, other=colleague.name))
    if colleague.teams:
        said.append(_("Both are in this team: %(teams)s.", teams=", ".join(colleague.teams)))
    if colleague.sites:
        said.append(_("Both work at this site: %(sites)s.", sites=", ".join(colleague.sites)))
    if not said and colleague.needed is Reach.COMPANY:
        said.append(
            _(
                "%(name)s is not the line manager of %(other)s, and they share no team and no site.",
                name=name,
                other=colleague.name,
            )
        )
    return said
