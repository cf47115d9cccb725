"""Who decides over a request: deputies, and what they may see and do in the place of others."""
