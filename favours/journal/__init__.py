"""Help given and received: logging it, putting it into words, undoing it."""
