"""Whether a union may say yes for the dead: where a contract lets it, and nobody else was found."""

from collections.abc import Iterator, Sequence

from app.rules.decide.case import Case
from app.rules.decide.consent import estates_of
from app.rules.decide.exemptions import attestation
from app.rules.decide.validity import unions_of
from app.rules.refusals import Refusal
from app.rules.scope import named
from app.rules.signing import still_open


def union_refusal(cases: Sequence[Case], union_id: str) -> Refusal | None:
    """Why the union cannot say yes in place of the dead; ``cases``: one for each work.

    Only where no representative could be identified or found, on a search that is on record with
    what proves it. Source: TT-24.
    """
    found = [refusal for case in cases for refusal in _refusals(case, union_id)]
    return found[0] if found else None


def _refusals(case: Case, union_id: str) -> Iterator[Refusal]:
    title = named(case.work)
    performer = case.performer
    if performer is None or case.died_on is None:
        yield Refusal("alive", "No death of this performer is on record. Nothing was signed.")
    elif (waiting := still_open(performer, case.as_of)) is not None:
        yield waiting
    if "union_posthumous" not in case.switched_on:
        yield Refusal(
            "no_rule",
            f"No contract that binds {title} lets a union speak for the dead. Nothing was signed.",
        )
    if union_id not in unions_of(case):
        yield Refusal(
            "no_standing",
            f"Your union does not speak for this performer in {title}. Nothing was signed.",
        )
    if estates_of(case):
        yield Refusal(
            "estate_known",
            "Somebody says that they answer for this performer: they sign once it is proven, and"
            " the union does not. Nothing was signed.",
        )
    searched = attestation(case, "representative_search")
    if searched is None or not searched.evidence:
        yield Refusal(
            "no_search",
            "No search for who may speak for this performer is on record. Put on record what was"
            " searched, when and with what result; then sign. Nothing was signed.",
        )
