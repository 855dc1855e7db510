"""What one event costs, and what a back-fill of very many awards costs, on the real tables."""
