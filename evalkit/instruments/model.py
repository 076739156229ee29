"""What a form is: its items, scales, thresholds and cut-offs, each number with its source."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from evalkit.arguments import did_you_mean
from evalkit.errors import ArgumentError
from evalkit.locale import in_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from narwhals.typing import IntoFrameT

    from evalkit.locale import Labels, Text


CARETAKERS = ("caretaker", "mother", "father", "parent")
"""Informants that a cut-off for a caretaker holds for."""


class Evidence(NamedTuple):
    """Where a number comes from and how well it is known.

    ``evidence`` is ``read`` (in the cited source), ``recalled`` (from the cited literature, not
    read again) or ``unverified``.
    """

    source: str
    evidence: str
    note: Text | None = None


T = TypeVar("T", "Item", "Scale", "Profile")


@dataclass(frozen=True)
class Item:
    """A question.

    ``kind`` is ``scale`` (numbers from ``lowest`` to ``highest`` in steps of 1 /
    ``steps_per_unit``), ``choice`` (ordered answers), ``nominal`` (answers without an order) or
    ``text``. ``answers`` has the label of each code of a choice, in the order of the scale;
    codes in ``not_applicable`` have their label there too, but are answers outside the scale:
    see ``codes``. ``block`` names the part of the form.
    """

    id: str
    label: Text
    kind: str
    lowest: float | None = None
    highest: float | None = None
    steps_per_unit: int = 1
    reversed: bool = False
    answers: Mapping[int, Text] = field(default_factory=dict)
    not_applicable: tuple[int, ...] = ()
    block: str | None = None

    @property
    def codes(self) -> tuple[int, ...]:
        """The codes of the answers on the scale, in its order."""
        return tuple(code for code in self.answers if code not in self.not_applicable)

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest answer; of a choice, its lowest and highest code."""
        if self.lowest is not None and self.highest is not None:
            return self.lowest, self.highest
        if not self.codes:
            raise ArgumentError(f"item '{self.id}' has no lowest and highest answer.")
        return min(self.codes), max(self.codes)


@dataclass(frozen=True)
class Scale:
    """What is computed from items.

    ``method`` is ``sum`` or ``mean``; ``least_answered`` items must be answered, and a sum is
    then made up for the rest in proportion, ties rounded half up to the step.
    """

    id: str
    label: Text
    items: tuple[str, ...]
    method: str
    least_answered: int
    lowest: float
    highest: float
    steps_per_unit: int
    better: str


@dataclass(frozen=True)
class Profile:
    """How large a change of a scale must be to count, by one named convention."""

    id: str
    scale: str
    threshold: float
    label: Text
    evidence: Evidence


@dataclass(frozen=True)
class Cutoff:
    """Where the clinical range of a scale begins, for one informant and age.

    ``clinical`` is the side of it: ``<`` or ``>=`` (and so on) the value. ``ages`` are whole
    years, both ends included; None: any. ``informants`` empty: anyone.
    """

    scale: str
    value: float
    clinical: str
    evidence: Evidence
    ages: tuple[int | None, int | None] = (None, None)
    informants: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reliability:
    """A published reliability of a scale."""

    scale: str
    kind: str
    value: float
    sample: Text
    evidence: Evidence


@dataclass(frozen=True, repr=False)
class Instrument:
    """A form as evalkit knows it; made by `evalkit.load_instrument`.

    ``blocks`` are the parts of the form in order, with their labels. ``not_scored`` says why a
    form has no score, and is empty where it has. ``ages`` are the whole years it is meant for.
    ``voice`` is whose view it gives: ``children``, ``parents`` or ``professionals``.
    """

    id: str
    name: Text
    informants: tuple[str, ...]
    items: tuple[Item, ...]
    scales: tuple[Scale, ...] = ()
    blocks: Mapping[str, Text] = field(default_factory=dict)
    ages: tuple[int | None, int | None] = (None, None)
    voice: str = "children"
    about: Text = field(default_factory=dict)
    licence: Text = field(default_factory=dict)
    not_scored: Text = field(default_factory=dict)
    profiles: tuple[Profile, ...] = ()
    cutoffs: tuple[Cutoff, ...] = ()
    reliabilities: tuple[Reliability, ...] = ()

    @property
    def item_ids(self) -> tuple[str, ...]:
        """The ids of all items, in the order of the form."""
        return tuple(item.id for item in self.items)

    def item(self, item_id: str) -> Item:
        """Return an item by its id."""
        return _named(item_id, self.items, f"{self.id} has no item")

    def scale(self, scale_id: str | None = None) -> Scale:
        """Return a scale by its id; without one, the form's first."""
        if not self.scales:
            why = in_language(self.not_scored, "en") or "It defines no scale."
            raise ArgumentError(f"{self.id} is not scored. {why}")
        return (
            self.scales[0]
            if scale_id is None
            else _named(scale_id, self.scales, f"{self.id} has no scale")
        )

    def profile(self, name: str, scale: str | None = None) -> Profile:
        """Return a threshold profile of a scale by its name."""
        wanted = self.scale(scale).id
        mine = tuple(each for each in self.profiles if each.scale == wanted)
        return _named(name, mine, f"{self.id} has no threshold profile")

    def labels(self, language: str) -> Labels:
        """Return what items, scales, blocks and the answers of each item are called.

        ``{"item": {id: label}, "scale": ..., "block": ..., item id: {code: label}}``: hand it to
        figures and tables, perhaps joined with ``study.labels(language)``.
        """
        own = {
            "item": {each.id: in_language(each.label, language) for each in self.items},
            "scale": {each.id: in_language(each.label, language) for each in self.scales},
        }
        own["block"] = {key: in_language(text, language) for key, text in self.blocks.items()}
        answers = {
            item.id: {str(code): in_language(text, language) for code, text in item.answers.items()}
            for item in self.items
            if item.answers
        }
        return {**own, **answers}

    def __repr__(self) -> str:
        """Return a short summary for a terminal: what it is, its scales and its thresholds."""
        lines = [f"{self.id}: {in_language(self.name, 'en')} ({len(self.items)} items)"]
        lines += [f"  not scored: {in_language(self.not_scored, 'en')}"] if self.not_scored else []
        lines += [
            f"  scale {each.id}: {each.lowest:g} to {each.highest:g}, {each.better} is better"
            for each in self.scales
        ]
        lines += [
            f"  profile {each.id}: {each.scale} changes by {each.threshold:g} or more "
            f"({each.evidence.evidence})"
            for each in self.profiles
        ]
        return "\n".join(lines)

    def score(
        self,
        frame: IntoFrameT,
        *,
        items: Mapping[str, str] | None = None,
        keep: Sequence[str] = (),
    ) -> IntoFrameT:
        """Score forms; see `evalkit.instruments.score`."""
        from evalkit.instruments.scoring import score

        return score(frame, self, items=items, keep=keep)


def _named(name: str, known: tuple[T, ...], what: str) -> T:
    found = next((each for each in known if each.id == name), None)
    if found is None:
        ids = [each.id for each in known]
        hint = did_you_mean(name, ids) if ids else "It has none."
        raise ArgumentError(f"{what} '{name}'. {hint}")
    return found


def informants_meant(stated: Iterable[str]) -> set[str]:
    """Return the informants a cut-off holds for: ``caretaker`` means parents too."""
    return {one for each in stated for one in (CARETAKERS if each == "caretaker" else (each,))}
