"""The demonstration: a fictional country with simulated answers."""
