"""Rounds: when they run, who takes part, reopening."""
