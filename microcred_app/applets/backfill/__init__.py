"""Rules that act on many: seen before they act, carried out in pieces, taken back as a whole."""
