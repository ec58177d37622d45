"""Editions: cut, read, released."""
