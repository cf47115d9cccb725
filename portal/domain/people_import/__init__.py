"""Reading a company's people from a table: a file in, a plan of rows and errors out; nothing is written here."""

from portal.domain.people_import.columns import Column
from portal.domain.people_import.plan import ImportPlan, plan_import
from portal.domain.people_import.problems import ImportProblem, RowError
from portal.domain.people_import.rows import ImportRow, KnownKeys

__all__ = ["Column", "ImportPlan", "ImportProblem", "ImportRow", "KnownKeys", "RowError", "plan_import"]
