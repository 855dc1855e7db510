"""The Microcred app: from what learners prove to credentials they own."""
