"""What a report says of how identities are protected in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.locale import N_, in_language
from evalkit.privacy.policy import LEAST_FOR_MEAN, LEAST_FOR_SPREAD

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evalkit.locale import Words
    from evalkit.privacy import Policy
    from evalkit.report.making import Made, Setting

OPEN = {
    "attendance": N_("how many came"),
    "answers": N_("answers"),
    "outcomes": N_("outcomes"),
    "background": N_("background"),
    "completeness": N_("how many forms came"),
}


def disclosure_sentences(made: Sequence[Made], setting: Setting) -> list[str]:
    """Return what the report says about hidden numbers."""
    say, settings, policy = setting.say, setting.study.settings, setting.policy
    if policy.internal:
        return [say.text(N_("This is the internal report: no number is hidden."))]
    if policy.already_published:
        where = in_language(settings.published_in, say.language)
        return [
            say.text(
                N_("These figures are already public, in {where}, so none is hidden."), where=where
            )
        ]
    sentences = [*_rules(policy, say), *_means(policy, say)]
    if any(each.hidden for each in made):
        sentences.append(
            say.text(
                N_(
                    "Each table was attacked with all that it shows: no number of too few people "
                    "can be worked out more closely than that. What several tables tell together "
                    "was not looked at."
                )
            )
        )
    elif policy.rounding is None:
        sentences.append(say.text(N_("No number had to be hidden.")))
    reason = in_language(settings.disclosure.why_persons.get(policy.audience, {}), say.language)
    if reason and any(each.exhibit.single_persons for each in made):
        text = N_(
            "Single persons are shown without ids, in an order that tells nothing and with ages "
            "in bands; what tables of the same persons hide can be counted from them. Why they "
            "are shown: {reason}"
        )
        sentences.append(say.text(text, reason=reason))
    return sentences


def _rules(policy: Policy, say: Words) -> Iterator[str]:
    least = {"min_cell": policy.min_cell}
    if policy.rounding is not None:
        text = N_(
            "Counts of people are rounded to multiples of {base}, and totals are sums of rounded "
            "counts; intervals are left out. Of groups of fewer than {min_cell} people nothing is "
            "shown."
        )
        yield say.text(text, base=policy.rounding, **least)
    else:
        yield say.text(
            N_(
                "Counts of people below {min_cell}, other than 0, are hidden, and so are the "
                "numbers from which they could be worked out."
            )
            if policy.zeros == "show"
            else N_(
                "Counts of people below {min_cell}, 0 among them, are hidden, and so are the "
                "numbers from which they could be worked out."
            ),
            **least,
        )
        if policy.full_rows == "hide":
            yield say.text(N_("That everyone answered the same is hidden too."))
    if policy.open:
        what = say.enumeration([say.text(OPEN[name]) for name in policy.open])
        text = N_("Shown as it is, of groups of at least {min_cell} people: {what}.")
        yield say.text(text, what=what, **least)


def _means(policy: Policy, say: Words) -> Iterator[str]:
    if policy.rounding is None:
        text = N_(
            "Means are shown of at least {n} people; intervals and standard deviations of means of "
            "at least {more}."
        )
        yield say.text(text, n=max(policy.min_cell, LEAST_FOR_MEAN), more=LEAST_FOR_SPREAD)
