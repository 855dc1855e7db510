"""Lists of people for whom the same thing is signed off: read, checked, looked at, done in pieces, taken back."""
