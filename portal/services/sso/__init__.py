"""Single sign-on of a company: its providers, trips to them, who comes in by them, and whether all must."""
