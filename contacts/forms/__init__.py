"""Forms of the people pages. Every form that offers or creates rows takes the network."""
