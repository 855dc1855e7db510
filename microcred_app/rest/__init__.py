"""HTTP shells for machines: they read a bounded body, call the facade, and answer JSON."""
