"""The people in a network: who they are, how to reach them, and what the member has heard about them."""
