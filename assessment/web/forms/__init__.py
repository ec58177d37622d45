"""The forms: one module a journey."""
