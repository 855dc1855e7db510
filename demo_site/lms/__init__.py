"""The learner's side of the demo: sign-in, courses, units, handlers."""
