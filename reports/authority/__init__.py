"""The reports of one authority."""
