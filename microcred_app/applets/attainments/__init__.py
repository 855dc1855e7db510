"""Progress in units, and the facts it leads to: attainments."""
