"""Changes of many people at once: planned person by person, done whole or as far as possible, undone for a day."""

from portal.services.people_changes.asked import Asked, Chosen
from portal.services.people_changes.carrying_out import (
    CARRY_OUT_TASK,
    FORGET_TASK,
    carry_out,
    fail,
    forget,
    order,
    report,
)
from portal.services.people_changes.consequences import consequences
from portal.services.people_changes.past import PastChange, get, latest
from portal.services.people_changes.plan import Line, Plan, plan
from portal.services.people_changes.targets import offered
from portal.services.people_changes.totals import Totals, totals
from portal.services.people_changes.undoing import undo

__all__ = [
    "CARRY_OUT_TASK",
    "FORGET_TASK",
    "Asked",
    "Chosen",
    "Line",
    "PastChange",
    "Plan",
    "Totals",
    "carry_out",
    "consequences",
    "fail",
    "forget",
    "get",
    "latest",
    "offered",
    "order",
    "plan",
    "report",
    "totals",
    "undo",
]
