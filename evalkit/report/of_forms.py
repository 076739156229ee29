"""Exhibits of forms: the course and change of scores, the answers to questions."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from evalkit import figures
from evalkit.locale import N_
from evalkit.metrics import outcomes, satisfaction
from evalkit.report.exhibits import Drawing, Exhibit, Measured
from evalkit.report.of_persons import change_of, of_single_persons, scores_of
from evalkit.report.sentences import change_sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from evalkit.instruments import Instrument
    from evalkit.instruments.model import Profile
    from evalkit.study import Study

SECTION_OF_ROLE = {
    "child": "children",
    "sibling": "children",
    "parent": "parents",
    "other_adult": "parents",
    "professional": "professionals",
    "user_representative": "professionals",
}
MORE_IS_BETTER = N_("Categories are of those who can reach them: improved includes recovered.")


def exhibits_of_forms(study: Study) -> Iterator[Exhibit]:
    """Yield the exhibits of each form that the study holds, in the order of study.toml."""
    for name, forms in study.forms.items():
        instrument = study.instruments[name]
        section = _section(forms, instrument, study)
        if instrument.scales and not instrument.not_scored:
            yield from _of_scores(instrument, section, study.profiles.get(name))
        choices = [item.id for item in instrument.items if item.kind == "choice"]
        if choices:
            yield from _of_choices(instrument, section, choices)
        for item in instrument.items:
            if item.kind == "nominal":
                yield _of_nominal(instrument, section, item.id)


def _section(forms: pd.DataFrame, instrument: Instrument, study: Study) -> str:
    """Return whose voice a form is: by those who answered, else by whom it is made for."""
    people = study.participants.drop_duplicates("person_id").set_index("person_id")["role"]
    person = forms["about_id"].fillna(forms["respondent_id"])
    roles = person.map(people.astype("str")).dropna()
    if roles.empty:
        return instrument.voice
    return SECTION_OF_ROLE[str(roles.value_counts().sort_index().idxmax())]


def _by(forms: pd.DataFrame) -> list[str]:
    """Return by what scores are shown apart: the informants, where there are several."""
    kinds = forms["informant"].drop_duplicates()
    return ["informant"] if len(kinds) > 1 else []


def _course(study: Study, instrument: Instrument) -> Measured:
    scores = scores_of(study, instrument)
    by = _by(scores)
    known = scores[scores["occasion"].notna()]
    result = outcomes.course(known, by=by)
    cells = outcomes.COURSE_CELLS.by(*by, "occasion")
    return Measured(result, cells, {instrument.id: len(known)}, len(scores) - len(known))


def _change(study: Study, instrument: Instrument, profile: Profile) -> Measured:
    change = change_of(study, instrument, profile)
    by = _by(change)
    result = outcomes.change_summary(change, by=by)
    cells = outcomes.CHANGE_CELLS.by(*by, "category")
    return Measured(result, cells, {instrument.id: len(study.forms[instrument.id])})


def _of_scores(instrument: Instrument, section: str, profile: Profile | None) -> Iterator[Exhibit]:
    name = instrument.id.casefold()
    common: dict[str, Any] = {
        "section": section,
        "needs": (instrument.id,),
        "instrument": instrument,
    }
    yield Exhibit(
        id=f"course-{name}",
        title=N_("Mean over the sessions"),
        absent="",
        measure=partial(_course, instrument=instrument),
        columns=("informant", "occasion", "estimate", "lower", "upper", "n", "n_missing", "sd"),
        optional=("informant", "occasion"),
        once=("informant",),
        headings={"estimate": N_("Mean"), "n": N_("Persons"), "n_missing": N_("No score")},
        left_out=(
            N_("{n} form names no occasion."),
            N_("{n} forms name no occasion."),
        ),
        drawings=(
            Drawing(
                draw=partial(figures.mean_course, instrument=instrument),
                describe=partial(figures.describe_mean_course, instrument=instrument),
                caption=N_("Mean score with 95% interval at each session"),
                per=None,
                least=2,
            ),
        ),
        **common,
    )
    if profile is not None:
        yield from _of_change(instrument, profile, common)


def _of_change(
    instrument: Instrument, profile: Profile, common: dict[str, Any]
) -> Iterator[Exhibit]:
    name = instrument.id.casefold()
    options: dict[str, Any] = {"instrument": instrument, "profile": profile}
    yield Exhibit(
        id=f"change-{name}",
        title=N_("Change from first to last form"),
        absent="",
        measure=partial(_change, **options),
        columns=(
            *("informant", "category", "count", "n", "estimate", "lower", "upper"),
            *("n_in_file", "n_paired"),
        ),
        optional=("informant",),
        once=("informant",),
        headings={"n": N_("Eligible"), "estimate": N_("Share of eligible")},
        sentences=partial(change_sentences, instrument=instrument),
        notes=(MORE_IS_BETTER,),
        drawings=(
            Drawing(
                draw=figures.change_categories,
                describe=figures.describe_change_categories,
                caption=N_("Reliable change, of those who can reach each category"),
                per=None,
            ),
        ),
        **common,
    )
    yield from of_single_persons(instrument, options, common)


EARLIER = (
    N_("{n} form is an earlier one of somebody who answered again."),
    N_("{n} forms are earlier ones of somebody who answered again."),
)


def _last_of_each(forms: pd.DataFrame) -> pd.DataFrame:
    """Return the last form of each respondent: answers of one person are not independent."""
    order = forms.sort_values(["occasion", "answered_on", "form_id"], kind="stable")
    earlier = order["respondent_id"].notna() & order.duplicated("respondent_id", keep="last")
    return forms[~earlier.reindex(forms.index)]


def _distribution(study: Study, instrument: Instrument, items: list[str]) -> Measured:
    forms = study.forms[instrument.id]
    last = _last_of_each(forms)
    result = satisfaction.distribution(last, items, instrument=instrument)
    used = {instrument.id: len(last)}
    return Measured(result, satisfaction.DISTRIBUTION_CELLS, used, len(forms) - len(last))


def _summary(study: Study, instrument: Instrument, items: list[str]) -> Measured:
    forms = study.forms[instrument.id]
    last = _last_of_each(forms)
    result = satisfaction.summary(last, items, instrument=instrument)
    used = {instrument.id: len(last)}
    return Measured(result, satisfaction.SUMMARY_CELLS, used, len(forms) - len(last))


def _of_choices(instrument: Instrument, section: str, items: list[str]) -> Iterator[Exhibit]:
    name = instrument.id.casefold()
    common: dict[str, Any] = {
        "section": section,
        "needs": (instrument.id,),
        "absent": "",
        "instrument": instrument,
        "family": f"answers-{name}",
    }
    yield Exhibit(
        id=f"answers-{name}",
        title=N_("Answers"),
        measure=partial(_distribution, instrument=instrument, items=items),
        columns=("item", "answer", "count", "share", "n", "n_missing", "n_not_applicable"),
        headings={"n": N_("Answered"), "n_missing": N_("Not answered")},
        left_out=EARLIER,
        once=("item",),
        on_page=False,
        drawings=tuple(_likert(instrument, part) for part in _same_answers(instrument, items)),
        **common,
    )
    yield Exhibit(
        id=f"satisfaction-{name}",
        title=N_("Share with the best answer"),
        measure=partial(_summary, instrument=instrument, items=items),
        columns=("item", "top_box", "n", "estimate", "lower", "upper", "n_missing", "mean"),
        headings={"estimate": N_("Share"), "n": N_("Answered"), "n_missing": N_("Not answered")},
        left_out=EARLIER,
        drawings=(
            Drawing(
                draw=figures.best_answers,
                describe=figures.describe_best_answers,
                caption=N_("Share who gave the best answer, with 95% interval"),
                per=None,
                least=2,
            ),
        )
        if len(items) > 1
        else (),
        **common,
    )


def _same_answers(instrument: Instrument, items: list[str]) -> list[list[str]]:
    """Return items in parts that are drawn together: one block of the form, the same answers."""
    parts: dict[object, list[str]] = {}
    for each in items:
        item = instrument.item(each)
        answers = tuple((code, *sorted(item.answers[code].items())) for code in item.codes)
        parts.setdefault((item.block, answers), []).append(each)
    return list(parts.values())


def _likert(instrument: Instrument, items: list[str]) -> Drawing:
    block = instrument.item(items[0]).block
    return Drawing(
        draw=figures.likert,
        describe=figures.describe_likert,
        caption=N_("Answers, with the number who answered each question"),
        block=block,
        per=None,
        least=2,
        whole="item",
        rows=lambda result: result[result["item"].isin(items)],
        id=items[0] if len(items) < len(instrument.items) else "",
    )


def _of_nominal(instrument: Instrument, section: str, item: str) -> Exhibit:
    return Exhibit(
        id=f"answers-{instrument.id.casefold()}-{item}",
        section=section,
        title=N_("Answers"),
        needs=(instrument.id,),
        absent="",
        instrument=instrument,
        family=f"answers-{instrument.id.casefold()}",
        item=item,
        measure=partial(_distribution, instrument=instrument, items=[item]),
        columns=("answer", "count", "n", "share", "n_missing"),
        figure_columns=("n_not_applicable",),
        headings={"n": N_("Answered"), "n_missing": N_("Not answered")},
        left_out=EARLIER,
        drawings=(
            Drawing(
                draw=figures.nominal_answers,
                describe=figures.describe_nominal_answers,
                caption=N_("How many gave each answer"),
                per=None,
                whole="item",
            ),
        ),
    )
