"""Tests: a tree that mirrors the code."""
