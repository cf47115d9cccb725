"""Who covers for an absence: named in naming.py, answering in answering.py, shown by reading.py, told by letters.py."""
