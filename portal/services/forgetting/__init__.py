"""Forgetting people: requests with their clock, plans, holds, carrying out, certificates, and erasing again.

`replay` is what a restore calls, so that a backup brings nobody back.
"""
