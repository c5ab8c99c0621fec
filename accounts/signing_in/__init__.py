"""The ways to sign in and their limits, which must not lock out the owners of accounts."""
