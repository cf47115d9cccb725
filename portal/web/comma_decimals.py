"""A number as most of Europe types it."""

from __future__ import annotations

from wtforms import DecimalField


class CommaDecimalField(DecimalField):
    """Takes the decimal comma as well as the point."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([value.replace(",", ".") for value in valuelist])
