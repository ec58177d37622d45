"""How many examples a property test of its own cost tries."""

from hypothesis import settings


def examples(check: int, thorough: int) -> settings:
    """Return settings for so many examples while developing, and so many in make test."""
    is_thorough = settings.get_current_profile_name() == "thorough"
    return settings(max_examples=thorough if is_thorough else check)
