"""The invented companies Acme and Beta, written through the services on the first start of a demonstration.

They stand in demo mode only; nothing but `portal/cli` and the start page knows them.
"""
