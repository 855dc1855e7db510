"""Offers to wallets that come and fetch."""
