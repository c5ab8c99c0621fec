"""The supervisor behind `manage.py serve`: broker, web server, worker and beat of an embedded instance."""
