"""The XBlock runtimes of the demo: one for learners, one for Studio previews, one for Studio editors.

They keep the contract a block meets on the platform, including the traps: hidden children are None, Studio
has no completion service, masquerading staff write nothing, authored fields are read-only for learners.
"""
