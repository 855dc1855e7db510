"""Real workers, a real broker and moody hosts, some of which die at any instant."""
