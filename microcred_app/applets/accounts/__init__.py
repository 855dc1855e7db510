"""Accounts that came to an end: retired, or merged into another."""
