"""The outside world and the machine below us: keys, mail, SMS, files; each part runs without Flask and the database."""
