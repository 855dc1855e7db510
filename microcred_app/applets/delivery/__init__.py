"""Delivery: credentials travel from the outbox to wallets that learners own."""
