"""New badges by e-mail: to learners who asked for it, with the picture that carries the badge."""
