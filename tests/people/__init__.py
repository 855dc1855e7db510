"""A person's account as a whole."""
