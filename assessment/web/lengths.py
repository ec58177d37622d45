"""How long what people type may be: said before, counted meanwhile, and refused in full."""

from wtforms import Field
from wtforms.form import BaseForm
from wtforms.validators import ValidationError

from reports.formats import format_count


class AtMost:
    """Refuses a longer text, with its field's name and by how much it is too long.

    Templates read ``limit`` to say it before, and to count meanwhile. [characters]
    """

    def __init__(self, limit: int, name: str) -> None:
        """Take the limit, and what the field is called within a sentence."""
        self.limit, self.name = limit, name

    def __call__(self, _: BaseForm, field: Field) -> None:
        """Refuse a text that is too long."""
        over = len(field.data or "") - self.limit
        if over > 0:
            raise ValidationError(
                f"{self.name} is {format_count(over, 'character')} too long. "
                f"Shorten it to {self.limit:,} characters or fewer."
            )
