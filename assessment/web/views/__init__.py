"""One file for each journey."""
