"""Smallest valid objects, written through the same models and services as the portal's own."""
