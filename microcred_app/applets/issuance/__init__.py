"""Keys, signed credentials, status lists."""
