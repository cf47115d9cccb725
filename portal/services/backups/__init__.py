"""Backups: making, keeping, checking and restoring them, and the drills that show that all of it works.

What is saved is the database as of one moment with its roles, and every stored file. Company keys are in the
database, wrapped; the master keys are never in a backup. See docs/backups.md.
"""
