"""Issuers, badges and their immutable versions."""
