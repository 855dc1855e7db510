"""The author's side of the demo: outline, unit, container pages, editors, publishing."""
