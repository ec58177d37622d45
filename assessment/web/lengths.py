"""How long what people type may be: said before, counted meanwhile, and refused in full."""

from collections.abc import Callable

from wtforms import Field
from wtforms.form import BaseForm
from wtforms.validators import ValidationError


class AtMost:
    """Refuses a longer text, and says by how much it is too long.

    Templates read ``limit`` to say it before, and to count meanwhile. [characters]
    """

    def __init__(self, limit: int, say: Callable[..., str]) -> None:
        """Take the limit, and what says that the text is so many characters too long."""
        self.limit, self.say = limit, say

    def __call__(self, _: BaseForm, field: Field) -> None:
        """Refuse a text that is too long."""
        over = len(field.data or "") - self.limit
        if over > 0:
            raise ValidationError(self.say(over, num=f"{over:,}", limit=f"{self.limit:,}"))
