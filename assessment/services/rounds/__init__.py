"""Rounds: who takes part, reopening."""
