"""What learners hand in, kept private, and what reviewers said about it."""
