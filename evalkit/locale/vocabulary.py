"""The closed vocabularies and column names, each with its label: what it is called, everywhere.

The keys are what stands in data; the values are English labels, translated in
``nb/messages.po``. The order is the order of every table, legend and sheet.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def N_(message: str) -> str:  # noqa: N802 (gettext's own name for "translate this later")
    """Mark a message for translation without translating it yet."""
    return message


PERSON_ROLE = {
    "child": N_("Children"),
    "parent": N_("Parents"),
    "sibling": N_("Siblings"),
    "professional": N_("Professionals"),
    "user_representative": N_("User representatives"),
    "other_adult": N_("Other adults"),
}

# Where only heads were counted, the source may say less about who they were.
ROLE = PERSON_ROLE | {
    "adult": N_("Adults"),
    "family_member": N_("Family members"),
}

KIND = {
    "children": N_("Children's session"),
    "family": N_("Family session"),
    "parents": N_("Parents' session"),
    "activity": N_("Activity"),
}

PARENTS = {
    "together": N_("Parents took part"),
    "alongside": N_("Parents' meeting alongside"),
}

GENDER = {
    "girl": N_("Girls"),
    "boy": N_("Boys"),
    "woman": N_("Women"),
    "man": N_("Men"),
    "other": N_("Other"),
}

ENDED_HOW = {
    "completed": N_("Completed"),
    "planned": N_("Planned ending"),
    "unplanned": N_("Unplanned ending"),
    "moved": N_("Moved away"),
}

STATUS = {
    "present": N_("Present"),
    "absent": N_("Absent"),
    "excused": N_("Excused"),
    "unknown": N_("Not known"),
}

SCOPE = {
    "forms": N_("forms"),
    "interview": N_("interview"),
    "quotes": N_("quotes"),
    "sharing": N_("sharing of data"),
}

CONSENT = {
    "given": N_("given"),
    "refused": N_("refused"),
    "withdrawn": N_("withdrawn"),
}

INFORMANT = {
    "self": N_("Own answers"),
    "mother": N_("Mother"),
    "father": N_("Father"),
    "parent": N_("Parent"),
    "caretaker": N_("Caretaker"),
    "teacher": N_("Teacher"),
    "professional": N_("Professional"),
    "user_representative": N_("User representative"),
    "other": N_("Other"),
}

CATEGORY = {
    "recovered": N_("Recovered"),
    "improved": N_("Improved"),
    "unchanged": N_("Unchanged"),
    "deteriorated": N_("Deteriorated"),
}

EVIDENCE = {
    "read": N_("read in the source"),
    "recalled": N_("recalled from the literature, not read again"),
    "unverified": N_("not verified"),
}

LEGAL_BASIS = {
    "consent": N_("consent"),
    "quality_assurance": N_("quality assurance"),
    "anonymous": N_("anonymous data"),
}

HOLDS = {
    "participants": N_("participants"),
    "consents": N_("consents"),
    "attendance": N_("attendance"),
    "sessions": N_("sessions"),
    "headcounts": N_("headcounts"),
    "margins": N_("background counts"),
}

VARIABLE = {
    "gender": N_("Gender"),
    "age_years": N_("Age (years)"),
    "referral_source": N_("Referred by"),
}

THRESHOLD_KIND = {
    "reliable_change": N_("Reliable change from"),
    "clinical_below": N_("Clinical range below"),
    "clinical_above": N_("Clinical range from"),
    "cutoff_below": N_("Cut-off: a reason to ask below"),
    "cutoff_above": N_("Cut-off: a reason to ask from"),
}

METHOD = {
    "none": N_("no interval"),
    "wilson_effective_n": N_("Wilson, effective sample size"),
    "logit_t": N_("logit-t, clustered by person"),
    "wilson_persons": N_("Wilson, on persons"),
    "wilson": N_("Wilson"),
    "t": N_("t"),
}

COLUMN = VARIABLE | {
    "about_id": N_("About"),
    "category": N_("Change"),
    "change": N_("Change in points"),
    "count": N_("Number"),
    "cutoff": N_("Cut-off"),
    "design_effect": N_("Design effect"),
    "ends_on": N_("To"),
    "estimate": N_("Share present"),
    "expected": N_("Expected"),
    "file": N_("File"),
    "first": N_("First score"),
    "first_occasion": N_("First at"),
    "group_id": N_("Group"),
    "held_on": N_("Date"),
    "holds": N_("Holds"),
    "informant": N_("Who answered"),
    "kind": N_("Kind"),
    "last": N_("Last score"),
    "last_occasion": N_("Last at"),
    "left_out": N_("Left out"),
    "legal_basis": N_("Legal basis"),
    "lower": N_("Lower limit"),
    "method": N_("Interval"),
    "n": N_("Expected"),
    "n_forms": N_("Forms"),
    "n_groups": N_("Groups"),
    "n_in_file": N_("In the file"),
    "n_missing": N_("Left out"),
    "n_no_cutoff": N_("No cut-off"),
    "n_no_score": N_("No score"),
    "n_not_possible": N_("Out of reach"),
    "n_one_score": N_("One score only"),
    "n_paired": N_("With first and last score"),
    "n_persons": N_("Persons"),
    "n_sessions": N_("Sessions"),
    "n_unknown": N_("Not known"),
    "n_valid": N_("Forms with a score"),
    "note": N_("Note"),
    "number": N_("No."),
    "occasion": N_("Occasion"),
    "parents": N_("Parents"),
    "present": N_("Present"),
    "recovered": N_("Recovered"),
    "role": N_("Who"),
    "rows": N_("Rows"),
    "sd": N_("Standard deviation"),
    "session_id": N_("Session"),
    "share": N_("Share"),
    "site": N_("Site"),
    "starts_on": N_("From"),
    "table": N_("Table"),
    "theme": N_("Theme"),
    "threshold": N_("Change that counts"),
    "upper": N_("Upper limit"),
    "value": N_("Value"),
    "ages": N_("Ages"),
    "answer": N_("Answer"),
    "bottom_box": N_("Worst answer"),
    "estimate_all_absent": N_("All unknown absent"),
    "estimate_all_present": N_("All unknown present"),
    "evidence": N_("How well known"),
    "instrument": N_("Form"),
    "item": N_("Question"),
    "mean": N_("Mean"),
    "n_not_applicable": N_("Not relevant"),
    "n_unexpected": N_("Not expected"),
    "person_id": N_("Person"),
    "reason": N_("Reason"),
    "received": N_("Received"),
    "source": N_("Source"),
    "threshold_kind": N_("Threshold"),
    "top_box": N_("Best answer"),
    "top_two": N_("One of the two best answers"),
    "variable": N_("Background"),
}

CLOSED: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "category": CATEGORY,
        "ended_how": ENDED_HOW,
        "gender": GENDER,
        "informant": INFORMANT,
        "kind": KIND,
        "parents": PARENTS,
        "role": ROLE,
        "status": STATUS,
    }
)
"""Columns of data that hold nothing but these values, in this order."""

VOCABULARIES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        **CLOSED,
        "column": COLUMN,
        "evidence": {**EVIDENCE, "stated": N_("stated by the study")},
        "holds": HOLDS,
        "legal_basis": LEGAL_BASIS,
        "method": METHOD,
        "threshold_kind": THRESHOLD_KIND,
        "variable": VARIABLE,
    }
)
