"""Tables (CSV): reading and writing them."""
