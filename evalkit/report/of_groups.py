"""Exhibits of the groups: how complete the forms are, and who took part."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from evalkit import figures
from evalkit.locale import N_
from evalkit.metrics import background, completeness
from evalkit.privacy import Cells
from evalkit.readers import NO_DATA
from evalkit.report.exhibits import Drawing, Exhibit, Measured, in_order
from evalkit.report.sentences import completeness_sentences
from evalkit.study.attending import AFTER, BEFORE
from evalkit.study.consenting import NO_CONSENT, NONE_GIVEN

if TYPE_CHECKING:
    from evalkit.study import Study

NO_GROUPS = N_("No groups were described.")
NOTHING_EXPECTED = N_(
    "Which forms were expected is not stated, so nothing is said of how complete they are."
)
BY_THE_STUDY = N_("left out by the study: no data, or there twice")
OUR_REASONS = frozenset({*NO_CONSENT.values(), NONE_GIVEN, BEFORE, AFTER})
BY_FORM = ("instrument", "informant")


def _completeness(study: Study) -> Measured:
    result = completeness.received(study.expected, study.forms, by=BY_FORM)
    used = {"forms": int(sum(len(forms) for forms in study.forms.values()))}
    return Measured(result, completeness.RECEIVED_CELLS.by(*BY_FORM), used)


def _completeness_by_group(study: Study) -> Measured:
    by = (*BY_FORM, "group_id")
    result = completeness.received(study.expected, study.forms, by=by)
    result = result[result["group_id"].notna()]
    used = {"forms": int(sum(len(forms) for forms in study.forms.values()))}
    return Measured(in_order(result, study), completeness.RECEIVED_CELLS.by(*by), used)


def _left_out(study: Study) -> Measured:
    """Count rows that somebody wrote and no table holds: titles and sums are none of these."""
    rows = study.excluded[~study.excluded["reason"].isin(NO_DATA)]
    # What a study writes about a row may name a person: that stands in study.excluded only.
    rows = rows.assign(reason=rows["reason"].where(rows["reason"].isin(OUR_REASONS), BY_THE_STUDY))
    counts = rows.groupby(["table", "reason"]).size().rename("count").reset_index()
    counts = counts.rename(columns={"table": "holds"})
    cells = Cells("rows left out", keys=("holds", "reason"), count="count")
    return Measured(counts, cells, used={}, left_out=0)


def _groups(study: Study) -> Measured:
    sessions = study.sessions["group_id"].value_counts()
    table = study.groups.drop(columns="title")
    table["n_sessions"] = table["group_id"].map(sessions).astype("Int64")
    if len(study.sessions):
        table["n_sessions"] = table["n_sessions"].fillna(0)
    return Measured(table, Cells("groups", open=tuple(table.columns)), used={"groups": len(table)})


def _background(study: Study) -> Measured:
    result = background.distribution(study.participants, by=None)
    children = int((study.participants["role"] == "child").sum())
    cells = background.DISTRIBUTION_CELLS.by("variable", "value")
    return Measured(result, cells, {"participants": children}, len(study.participants) - children)


def _background_of_persons(study: Study) -> Measured:
    result = background.distribution(study.participants)
    children = int((study.participants["role"] == "child").sum())
    return Measured(result, background.DISTRIBUTION_CELLS, {"participants": children})


def _background_of_margins(study: Study) -> Measured:
    result = background.distribution(study.margins)
    return Measured(result, background.DISTRIBUTION_CELLS, {"margins": len(study.margins)})


COMPLETENESS: tuple[Exhibit, ...] = (
    Exhibit(
        id="completeness",
        section="completeness",
        title=N_("Forms received"),
        needs=("expected",),
        absent=NOTHING_EXPECTED,
        measure=_completeness,
        columns=("instrument", "informant", "received", "n", "estimate", "n_unexpected"),
        optional=("informant",),
        headings={"estimate": N_("Share received")},
        sentences=completeness_sentences,
        drawings=(
            Drawing(
                draw=figures.forms_received,
                describe=figures.describe_forms_received,
                caption=N_("Forms received of those expected"),
                per=None,
            ),
        ),
    ),
    Exhibit(
        id="completeness-by-group",
        section="completeness",
        title=N_("Forms received, by group"),
        needs=("expected",),
        absent=NOTHING_EXPECTED,
        measure=_completeness_by_group,
        columns=("group_id", "instrument", "informant", "received", "n", "estimate"),
        optional=("informant",),
        headings={"estimate": N_("Share received")},
        rows_by="group_id",
    ),
    Exhibit(
        id="left-out",
        section="completeness",
        title=N_("Rows left out"),
        needs=("excluded",),
        absent="",
        measure=_left_out,
        columns=("holds", "reason", "count"),
        headings={"holds": N_("Form or list")},
        once=("holds",),
    ),
)

REFERRED = Drawing(
    draw=figures.recruitment,
    describe=figures.describe_recruitment,
    caption=N_("How the children were referred"),
    rows=lambda result: result[result["variable"] == "referral_source"],
)
COUNTS = ("variable", "value", "count", "n", "share", "n_missing")
BACKGROUND: dict[str, Any] = {
    "section": "participants",
    "optional": ("n_missing",),
    "headings": {"n": N_("Of"), "n_missing": N_("Not known")},
    "once": ("variable",),
}

PARTICIPANTS: tuple[Exhibit, ...] = (
    Exhibit(
        id="groups",
        section="participants",
        title=N_("The groups"),
        needs=("groups",),
        absent=NO_GROUPS,
        measure=_groups,
        columns=("group_id", "site", "starts_on", "ends_on", "n_sessions"),
        optional=("site", "starts_on", "ends_on", "n_sessions"),
    ),
    Exhibit(
        id="background-of-all",
        title=N_("Background of the children"),
        needs=("participants",),
        absent="",
        measure=_background,
        left_out=(
            N_("{n} participant is no child and not counted here."),
            N_("{n} participants are no children and not counted here."),
        ),
        arrange=lambda result, _: background.arranged(result),
        drawings=(replace(REFERRED, per=None),),
        columns=COUNTS,
        **BACKGROUND,
    ),
    Exhibit(
        id="background-by-group",
        title=N_("Background of the children, by group"),
        needs=("participants",),
        absent="",
        measure=_background_of_persons,
        rows_by="group_id",
        arrange=lambda result, study: in_order(background.arranged(result), study),
        # A group has some eight children: of one group no background is published.
        internal_only=True,
        columns=("group_id", *COUNTS),
        **BACKGROUND,
    ),
    Exhibit(
        id="background",
        title=N_("Background"),
        needs=("margins",),
        absent="",
        measure=_background_of_margins,
        rows_by="group_id",
        arrange=lambda result, study: in_order(background.arranged(result), study),
        drawings=(REFERRED,),
        columns=("group_id", *COUNTS),
        **BACKGROUND,
    ),
)
