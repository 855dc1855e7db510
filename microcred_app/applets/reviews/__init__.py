"""How evidence is judged: who does it next, what they decide, and how well they agree."""
