"""The Tutor plugin of Microcred."""
