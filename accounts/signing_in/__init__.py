"""What limits the ways to sign in, and what lets owners in all the same."""
