"""Makes PDFs from plain values: nothing here knows the database, the web, or who may see what it prints."""
