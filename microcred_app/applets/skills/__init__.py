"""Skill frameworks, skills, and the outcomes that units prove."""
