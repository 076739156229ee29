"""One language's words, numbers and dates."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from evalkit.arguments import check_choice
from evalkit.locale.vocabulary import VOCABULARIES

if TYPE_CHECKING:
    import datetime as dt

    from babel import Locale
    from babel.messages import Catalog

LANGUAGES = ("nb", "en")
DEFAULT_LANGUAGE = "nb"
UNKNOWN_SIGN = "–"
CLDR = {"nb": "nb_NO", "en": "en_GB"}

Labels = Mapping[str, Mapping[str, str]]
"""A study's own labels in one language: ``{column: {value: label}}``."""


@cache
def words(language: str) -> Words:
    r"""Return the words of ``language``: ``"nb"`` or ``"en"``.

    Examples
    --------
    >>> words("nb").percent(95 / 108)
    '88,0\xa0%'
    >>> words("en").percent(95 / 108)
    '88.0%'
    >>> words("nb").label("kind", "activity")
    'Aktivitet'
    """
    check_choice(language, "language", LANGUAGES)
    return Words(language)


class Words:
    """What a language calls things, and how it writes numbers and dates.

    Messages are looked up by their English text; ``nb`` stands in ``nb/messages.po``.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._messages = _catalogue(language)

    def text(self, message: str, **values: object) -> str:
        """Return the message in this language, with ``{name}`` filled in from ``values``."""
        translated = self._messages.get(message, message)
        return translated.format(**values) if values else translated

    def plural(self, one: str, many: str, n: int, **values: object) -> str:
        """Return ``one`` or ``many`` by ``n``; ``{n}`` is filled in."""
        return self.text(one if n == 1 else many, n=self.number(n), **values)

    def label(self, column: str, value: object, own: Labels | None = None) -> str:
        """Return what ``value`` of ``column`` is called: by the study's own labels, then ours."""
        key = str(value)
        mine = (own or {}).get(column, {})
        if key in mine:
            return mine[key]
        known = VOCABULARIES.get(column, {})
        return self.text(known[key]) if key in known else key

    def number(self, value: float, decimals: int = 0) -> str:
        """Return a number as this language writes it, ties rounded half up."""
        from babel.numbers import format_decimal

        return format_decimal(_rounded(value, decimals), _pattern(decimals), locale=self._locale)

    def decimal(self, value: float, most: int = 2) -> str:
        """Return a number with as few decimals as it needs, and not more than ``most``."""
        shortest = _rounded(value, most).normalize()
        return self.number(value, max(0, -int(shortest.as_tuple().exponent)))

    def percent(self, share: float, decimals: int = 1) -> str:
        """Return a share as a percentage, ties rounded half up."""
        from babel.numbers import format_percent

        suffix = str(self._locale.percent_formats[None].suffix[0])
        pattern = _pattern(decimals) + suffix
        return format_percent(_rounded(share, decimals + 2), pattern, locale=self._locale)

    def date(self, day: dt.date) -> str:
        """Return a day: 23. februar 2009; 23 February 2009."""
        from babel.dates import format_date

        return format_date(day, "long", locale=self._locale)

    def period(self, first: dt.date | None, last: dt.date | None) -> str:
        """Return a period; an end that is not known is left open."""
        days = [self.date(day) if day is not None else "" for day in (first, last)]
        return " – ".join(days).strip() if any(days) else ""

    def enumeration(self, parts: list[str]) -> str:
        """Return "a, b and c"."""
        from babel.lists import format_list

        return format_list(parts, locale=self._locale)

    @property
    def _locale(self) -> Locale:
        return _locale(self.language)


@cache
def _locale(language: str) -> Locale:
    from babel import Locale

    return Locale.parse(CLDR[language])


def _pattern(decimals: int) -> str:
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _rounded(value: float, decimals: int) -> Decimal:
    exact = Decimal(repr(float(value)))
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def read_catalogue(language: str) -> Catalog:
    """Return the gettext catalogue of a language as Babel's ``Catalog``."""
    from babel.messages.pofile import read_po

    source = resources.files("evalkit.locale").joinpath(language, "messages.po")
    with source.open("rb") as file:
        return read_po(file, locale=language)


@cache
def _catalogue(language: str) -> dict[str, str]:
    if language == "en":
        return {}
    return {str(m.id): str(m.string) for m in read_catalogue(language) if m.id and m.string}
