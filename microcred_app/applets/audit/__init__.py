"""Who did what, when and why. Append only."""
