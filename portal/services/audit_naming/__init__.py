"""How rows of the tables of each noun are named in the audit log."""
