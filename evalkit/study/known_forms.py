"""Which forms a study may hold: those of the registry, and its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.arguments import did_you_mean
from evalkit.errors import ArgumentError, Problem, ReadError
from evalkit.instruments import list_instruments, load_instrument
from evalkit.instruments.model import Evidence, Profile
from evalkit.locale import by_language
from evalkit.statistics import reliable_change_threshold
from evalkit.study.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from evalkit.instruments import Instrument
    from evalkit.study.settings import OwnThreshold, Settings

NAME = "study.toml"


def used_instruments(
    folder: Path, settings: Settings
) -> tuple[dict[str, Instrument], list[Problem]]:
    """Return the definitions of all forms that study.toml names, and what is wrong with them."""
    problems: list[Problem] = []
    own: dict[str, Instrument] = {}
    for path in settings.instruments:
        try:
            instrument = load_instrument(folder / path)
        except ReadError as error:
            problems += [problem._replace(file=path) for problem in error.found]
            continue
        own[instrument.id] = instrument
    named = {*(file.holds for file in settings.files), *settings.profiles, *settings.expected}
    named |= {threshold.instrument for threshold in settings.own_thresholds.values()}
    named -= {*TABLES}
    if not named:
        return {}, problems
    known = list(dict.fromkeys([*own, *list_instruments()["id"]]))
    problems += _unknown_names(settings, known)
    found = {name: own.get(name) or load_instrument(name) for name in known if name in named}
    return found, problems


def _unknown_names(settings: Settings, known: list[str]) -> Iterator[Problem]:
    stated = {"thresholds": settings.profiles, "expected": settings.expected}
    for key, names in stated.items():
        for name in (name for name in names if name not in known):
            message = f"'{key}.{name}' names no form. {did_you_mean(name, known)}"
            yield Problem(NAME, message, row=settings.lines.get((key, name)))
    for key, own in settings.own_thresholds.items():
        if own.instrument not in known:
            hint = did_you_mean(own.instrument, known)
            message = f"'thresholds.{key}' is of '{own.instrument}'. {hint}"
            yield Problem(NAME, message, row=settings.lines.get(("thresholds", key)))


def chosen_profiles(
    settings: Settings, instruments: Mapping[str, Instrument]
) -> tuple[dict[str, Profile], list[Problem]]:
    """Return the threshold profile that the study states for each form."""
    problems: list[Problem] = []
    chosen: dict[str, Profile] = {}
    for name, wanted in settings.profiles.items():
        instrument = instruments.get(name)
        if instrument is None:
            continue
        try:
            own = settings.own_thresholds.get(wanted)
            if own is None or own.instrument != name:
                chosen[name] = instrument.profile(wanted)
            else:
                chosen[name] = own_profile(wanted, own, instrument)
        except ArgumentError as error:
            line = settings.lines.get(("thresholds", name))
            problems.append(Problem(NAME, f"'thresholds.{name}': {error}", row=line))
    return chosen, problems


def own_profile(name: str, own: OwnThreshold, instrument: Instrument) -> Profile:
    """Return a study's own threshold: stated, or from a standard deviation and a reliability."""
    scale = instrument.scale(own.scale).id
    if own.threshold is not None and own.sd is None and own.reliability is None:
        threshold = own.threshold
    elif own.threshold is None and own.sd is not None and own.reliability is not None:
        threshold = float(reliable_change_threshold(own.sd, own.reliability))
    else:
        raise ArgumentError(f"'{name}' must state either threshold, or sd and reliability.")
    label = by_language(name)
    return Profile(name, scale, threshold, label, Evidence(own.source, "stated"))
