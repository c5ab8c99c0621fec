"""The pages of the giving and getting."""
