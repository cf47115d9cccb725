"""Who is in the demonstration: two invented companies, and the people one signs in as."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
#: Nobody's secret: it is printed at the start, and opens invented people only.
PASSWORD = "coffee-at-half-past-nine"  # noqa: S105
#: A day without a shift in a turn.
FREE = "-"


@dataclass(frozen=True)
class Player:
    """One of the cast. `tries` says what there is to try as this person."""

    email: str
    roles: tuple[str, ...]
    who: str
    tries: str

    @property
    def first_name(self) -> str:
        return self.email.partition("@")[0].capitalize()


@dataclass(frozen=True)
class DemoCompany:
    """A company to found. The first player founds it; everybody else comes from the file beside this module."""

    slug: str
    name: str
    time_zone: str
    country: str
    second_factor: bool
    #: As the founder is first written down; the file tells the rest.
    founder: tuple[str, str]
    players: tuple[Player, ...]
    #: The team whose shifts are planned, by whom, and the turn that each of its people takes after the other.
    shift_team: str
    planner: str
    turn: str

    @property
    def domain(self) -> str:
        return f"{self.slug}.example"

    @property
    def people_file(self) -> Path:
        return HERE / f"{self.slug}.csv"


ACME = DemoCompany(
    slug="acme",
    name="Acme",
    time_zone="Europe/Prague",
    country="CZ",
    second_factor=True,
    founder=("Ana", "Nováková"),
    players=(
        Player(
            "ana@acme.example", ("hr", "admin"), "HR and admin", "print a roster, hand out a document, import"
        ),
        Player("mats@acme.example", ("manager",), "manager of Care", "decide over requests"),
        Player("pia@acme.example", ("planner",), "planner of Care", "plan next month and publish it"),
        Player("eve@acme.example", (), "nurse in Care", "ask for time off, see your shifts"),
        Player("otto@acme.example", (), "cook in Kitchen", "see that Care's shifts stay in Care"),
    ),
    shift_team="Care",
    planner="pia@acme.example",
    turn="EELLNN---",
)
BETA = DemoCompany(
    slug="beta",
    name="Beta",
    time_zone="Europe/Berlin",
    country="DE",
    second_factor=False,
    founder=("Zoe", "Brandt"),
    players=(
        Player("zoe@beta.example", ("hr", "admin"), "HR and admin", "see nothing at all of Acme"),
        Player("bo@beta.example", ("manager",), "manager of Workshop", "decide over requests"),
    ),
    shift_team="Shop",
    planner="bruno@beta.example",
    turn="EEELL--",
)
COMPANIES = (ACME, BETA)
