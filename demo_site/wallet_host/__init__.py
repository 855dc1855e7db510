"""Satchel: a wallet host of its own, as another company would run it, to try deliveries against.

A separate process with its own database, accounts and look. It speaks the Open Badges 3.0 API as its official
description says, and shares no code with the issuer: it verifies what it receives with a library that the
Microcred developers did not write.
"""
