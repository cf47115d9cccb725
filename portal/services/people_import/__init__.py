"""People from a CSV or XLSX file: shown first, then taken in whole or not at all, and safe to run again.

The file is read by domain/people_import; here it meets the people who are there already.
"""

from portal.services.custom_values import exchanged as own_columns
from portal.services.people_import.carrying_out import carry_out
from portal.services.people_import.memory import FORGET_TASK, LastImport, find_last, forget
from portal.services.people_import.outcome import Change, ChangedPerson, NewPerson, Outcome
from portal.services.people_import.preview import preview
from portal.services.people_import.sealed_upload import KeptFile, open_file, seal_file
from portal.services.people_import.undoing import undo
from portal.services.people_import.upload import as_csv

__all__ = [
    "FORGET_TASK",
    "Change",
    "ChangedPerson",
    "KeptFile",
    "LastImport",
    "NewPerson",
    "Outcome",
    "as_csv",
    "carry_out",
    "find_last",
    "forget",
    "open_file",
    "own_columns",
    "preview",
    "seal_file",
    "undo",
]
