"""What learners answered to quick checks, attempt by attempt; and attempts given on top."""
