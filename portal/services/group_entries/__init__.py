"""Absences for many people in one operation: worked out in planning.py, entered and undone in doing.py, closures."""
