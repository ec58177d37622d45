"""Disclosure control: what may be published, beside everything that ever was."""
