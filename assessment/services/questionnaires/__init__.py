"""Questionnaires: published, read."""
