"""What people can do: plain functions that take a unit of work, check, change and record, and never commit."""
