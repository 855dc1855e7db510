"""Pushing, claiming and what strangers read: ``python -m benchmarks.delivery``."""
