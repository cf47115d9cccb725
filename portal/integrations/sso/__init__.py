"""Signing in with the identity provider of a company; one module or package per protocol."""
