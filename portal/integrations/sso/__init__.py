"""Drivers to identity providers that speak OpenID Connect. They know no rows, and keep no tokens."""
