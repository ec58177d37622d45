"""Editions as open data."""
