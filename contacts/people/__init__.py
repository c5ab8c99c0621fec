"""The people in a network: who they are, how to reach them, and what was heard about them."""
