"""Accidents on purpose: kills the parts of a portal of its own at random moments under load, and soaks one for long."""
