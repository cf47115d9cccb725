"""The WSGI entry point; everything it serves is put together in portal/app.py."""

from portal.app import create_app

app = create_app()
