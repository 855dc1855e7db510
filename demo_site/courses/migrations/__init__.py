"""Tables of the demo site."""
