"""Verifiers that nobody here wrote, and what they say about our credentials."""
