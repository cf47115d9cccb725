"""Background jobs: each opens a unit of work for one company and calls one service."""
