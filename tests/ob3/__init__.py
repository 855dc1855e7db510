"""Tests of `microcred_app.ob3`."""
