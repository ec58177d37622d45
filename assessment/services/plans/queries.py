"""What is read of improvement plans."""

from assessment.storage.plans import read_action, read_plan

__all__ = ["read_action", "read_plan"]
