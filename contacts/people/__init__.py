"""The people of a network: who they are, how to reach them, what was heard of them."""
