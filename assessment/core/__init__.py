"""Frozen types and pure functions: knows neither web nor database."""
