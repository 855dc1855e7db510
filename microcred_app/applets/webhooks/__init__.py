"""Webhooks: systems of an organisation are told, signed and in order, what happens to awards."""
