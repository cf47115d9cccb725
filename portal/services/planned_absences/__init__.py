"""Planned days: kept in keeping.py, read in lists.py, priced in reckoning.py, closed by requests in settling.py."""
