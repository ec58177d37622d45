"""People and the authorities they work for."""
