"""Accounts that organisations have with vendors of badges, and what is issued there of learners who agreed."""
