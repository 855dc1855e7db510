"""Badges that other systems gave: their definitions and awards are read in, kept as such, never signed anew."""
