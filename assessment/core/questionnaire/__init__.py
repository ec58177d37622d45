"""The questionnaire: its principles, questions and levels, and what a new version changes."""
