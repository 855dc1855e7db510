"""How long a learner waits for a unit's page and for an ordinary answer."""
