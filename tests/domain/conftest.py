"""Hypothesis for the rules: no deadline per example, because a busy machine is no broken rule."""

from hypothesis import settings

settings.register_profile("rules", deadline=None)
settings.load_profile("rules")
