"""What the platform knows of learners and requirements ask for: taken up from its signals, or read from its tables."""
