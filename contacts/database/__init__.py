"""What contacts need from the database that Django does not offer."""
