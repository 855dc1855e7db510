"""A small LMS and Studio on the real XBlock runtime API, to try Microcred in; not shipped in the wheel."""
