"""Server-rendered pages: thin shells over the facade and the applets."""
