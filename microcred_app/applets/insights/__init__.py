"""What courses learn from what learners did: figures of checks, steps and judgements, never of one person."""
