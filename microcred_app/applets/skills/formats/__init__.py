"""Reads files of skill frameworks: pure functions from bytes to rows and problems, one module per format."""
