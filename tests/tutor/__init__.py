"""The Tutor plugin, rendered by each Tutor it is for."""
