"""Rules of staffing: kept in rules.py, counted in crowd.py, asked in checks.py, looked after in watch.py."""
