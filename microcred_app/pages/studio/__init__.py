"""Pages that stand in Studio: a process of its own on the platform, so they link to nothing of the LMS by name."""
