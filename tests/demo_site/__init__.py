"""The demo site: its runtime keeps the platform's contract, its course and its pages work."""
