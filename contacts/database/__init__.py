"""What the contacts ask of the database beyond Django's own means."""
