"""Decides what an uploaded file is, by its content, and refuses what is not plainly one of the allowed kinds.

It keeps nothing and scans for no viruses; the antivirus does that after it.
"""

from portal.integrations.file_types.inspection import ALLOWED, Accepted, inspect, photo_squares, workbook_rows
from portal.integrations.file_types.names import safe_name

__all__ = ["ALLOWED", "Accepted", "inspect", "photo_squares", "safe_name", "workbook_rows"]
