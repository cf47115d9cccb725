"""Sickness: reported by the person or for them, accepted by HR, with the time off that gives way to it."""
