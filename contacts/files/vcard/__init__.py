"""vCards: reading and writing them."""
