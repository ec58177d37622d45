"""Attackers that are set on published figures, to measure and to test disclosure control.

An attacker knows what everybody may know: the register, who submitted, and every figure published.
He asks of each single answer whether another is possible; it is *proven* where none is. Two
attackers share no code with each other, and none with `assessment.core.disclosure`:

- `whole_numbers` solves integer programmes, for editions of any size;
- `enumeration` tries every world, for a handful of authorities.
"""
