"""Forms of the people's pages. Every form that offers or makes rows takes the network."""
