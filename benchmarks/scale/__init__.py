"""A whole site of a given size, on MariaDB and Redis with two Celery workers: events, pages, nights, memory."""
