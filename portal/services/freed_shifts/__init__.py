"""Shifts that fall open because somebody is away: seen by holes.py, freed and given back by freeing.py."""
