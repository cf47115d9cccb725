"""What every blueprint uses: guards, tenancy, htmx, navigation, static files. Knows no feature."""
