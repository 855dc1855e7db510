"""Issuing and verifying, ours against the peers, in one run (``python -m benchmarks.signing``)."""
