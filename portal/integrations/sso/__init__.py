"""Drivers to identity providers, by vendor or protocol. They know no rows, and keep no tokens."""
