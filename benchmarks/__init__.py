"""Reproducible measurements, each with the limit it must keep."""
