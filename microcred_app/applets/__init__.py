"""Bounded contexts of the app; each owns its tables and speaks through its ``api`` module."""
