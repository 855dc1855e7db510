"""How fast requirements are judged: a million learners at once, and one event among ten thousand rules."""
