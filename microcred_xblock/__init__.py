"""The blocks: micro-unit, quick check and evidence. ``bridge`` is their only door to ``microcred_app``."""
