"""Planning rounds: opened in rounds.py, weighed in sheet.py, priced in pricing.py, published in publishing.py."""
