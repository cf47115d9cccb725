"""HR rules: pure functions and frozen values over the standard library; no database, no request, no clock."""
