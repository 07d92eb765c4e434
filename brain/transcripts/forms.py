"""The names of the forms in which a conversation can leave the program; they cost nothing to import."""

from __future__ import annotations

from typing import Literal, get_args

from brain.errors import DataError

Form = Literal["md", "json", "jsonl", "html", "tavern"]
FORMS: tuple[Form, ...] = get_args(Form)
FORMS_OF_MANY: tuple[Form, ...] = ("json", "jsonl")


def form_called(name: str) -> Form:
    """The form of that name. Raises DataError when there is none."""
    for form in FORMS:
        if form == name:
            return form
    raise DataError(f"There is no format {name!r}.", hint=f"There are {', '.join(FORMS)}.")
