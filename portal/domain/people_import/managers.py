"""Line managers of an import: each must be known, and nobody may end up above themselves."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from portal.domain.people_import.columns import Column
from portal.domain.people_import.problems import ImportProblem, RowError


@dataclass(frozen=True, slots=True)
class ManagerLink:
    """What a row says about who leads whom; no manager means that the person is led by nobody."""

    row: int
    email: str
    manager: str | None


def manager_errors(
    links: Iterable[ManagerLink], *, existing_emails: Collection[str], existing_managers: Mapping[str, str]
) -> list[RowError]:
    """Managers that are nowhere to be found, and rows that stand in a circle."""
    led = [link for link in links if link.email]
    in_file = {link.email for link in led}
    manager_of = dict(existing_managers)
    for link in led:
        manager_of.pop(link.email, None)
        if link.manager:
            manager_of[link.email] = link.manager
    circled = _in_circles(manager_of)
    errors: list[RowError] = []
    for link in led:
        if link.manager is None:
            continue
        if link.manager not in in_file and link.manager not in existing_emails:
            problem = ImportProblem.MANAGER_UNKNOWN
            errors.append(RowError(link.row, Column.LINE_MANAGER_EMAIL, problem, link.manager))
        elif link.email in circled:
            problem = ImportProblem.MANAGER_CYCLE
            errors.append(RowError(link.row, Column.LINE_MANAGER_EMAIL, problem, link.manager))
    return errors


def _in_circles(manager_of: Mapping[str, str]) -> set[str]:
    """Everyone who stands in a circle; each person is walked over once, so long chains stay cheap."""
    circled: set[str] = set()
    walked: set[str] = set()
    for start in manager_of:
        path: dict[str, int] = {}
        person: str | None = start
        while person is not None and person not in walked and person not in path:
            path[person] = len(path)
            person = manager_of.get(person)
        if person in path:
            circled.update(one for one, place in path.items() if place >= path[person])
        walked.update(path)
    return circled
