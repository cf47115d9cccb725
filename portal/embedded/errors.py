"""What is raised when the embedded PostgreSQL cannot run, always with a sentence saying what to do."""


class EmbeddedPostgresError(Exception):
    """The embedded server cannot start; the message is meant for the person at the terminal."""
