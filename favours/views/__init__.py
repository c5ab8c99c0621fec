"""The pages about giving and receiving help."""
