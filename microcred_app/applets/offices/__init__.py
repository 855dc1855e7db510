"""Who may do what for which organisation."""
