"""Limits at the door of the operator's own staff."""

from datetime import timedelta

IDLE = timedelta(minutes=20)
ABSOLUTE = timedelta(hours=4)
#: How long ago somebody may have signed in who changes by what they get in.
FRESH = timedelta(minutes=5)
MOST_PASSKEYS = 10
#: A link to set up password and app is good for a day, once.
SET_UP = timedelta(hours=24)
#: Wrong tries of one person in a row until they have to wait; of one address within the same time.
TRIES, TRIES_OF_ADDRESS = 5, 20
WAIT = timedelta(minutes=15)
#: Of tries to enter a company without its permission, so many of an hour stand in the company's log.
ALARMS_TOLD, ALARM_WINDOW = 30, timedelta(hours=1)
