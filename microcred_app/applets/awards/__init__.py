"""The ledger: who holds which badge, because of what; and reversals."""
