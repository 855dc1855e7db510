"""What the platform's modulestore, courseware and student apps hold: content, learner state, roles."""
