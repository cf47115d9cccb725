"""Labour law on leave as dated data: one module per country, what a rule is in rules.py, which holds in shelf.py.

A rule is `certain` only where a source was read for it; of every other, people are told that a lawyer must check it.
"""
