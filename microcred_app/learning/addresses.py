"""Addresses as they stand in the answers to blocks, which live in pages of another host name."""

from __future__ import annotations

from django.urls import reverse

from microcred_app.conf import settings

__all__ = ["absolute"]


def absolute(name: str, *args: object) -> str:
    """The public address of one of the app's pages."""
    return settings().public_base_url + reverse(name, args=args)
