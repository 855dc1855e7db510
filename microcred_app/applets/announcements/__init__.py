"""New and revoked badges told to the platform: its events, its tracking log, its notifications."""
