"""Definitions as text."""
