"""What unions advise their members to sign, and how long a yes to training a model holds."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final
from zoneinfo import ZoneInfo

from app.rules.days import years_after
from app.rules.decide.case import Case
from app.rules.decide.rows import Rule
from app.rules.facts import Grant
from app.rules.reasons import Reason, plain


def best_practice(case: Case, rule: Rule, grant: Grant) -> Iterator[Reason]:
    """What a union advises to sign, and this is not. It stops nothing. Source: EQ-02."""
    row = rule.row
    against = [name for name in row.names("points") if _AGAINST[name](case, grant)]
    words = [_WORDS[name] for name in against]
    if "years" in row.params and _is_longer(grant, rule):
        against.append("years")
        words.append(f"runs for more than {row.count('years')} years")
    if against:
        yield case.say(
            "W_BEST_PRACTICE",
            rule,
            advice=rule.pack.title,
            points=tuple(against),
            points_words=plain(tuple(words)),
        )


def _is_longer(grant: Grant, rule: Rule) -> bool:
    signed, zone = grant.signature, ZoneInfo(rule.pack.zone)
    signed_on = signed.at.astimezone(zone).date() if signed is not None else None
    first, last = grant.scope.starts_on or signed_on, grant.scope.ends_on
    if first is None or last is None:
        return False
    return last >= years_after(first, rule.row.count("years"))


def _kept_without_end(case: Case, grant: Grant) -> bool:
    """Whether somebody holds a copy of what the yes is about, and nothing says how long."""
    return any(
        c.until_on is None and c.starts_at <= case.as_of
        for c in case.facts.custodies
        if (c.ended_at is None or case.as_of < c.ended_at)
        and grant.replica_id in {None, c.replica_id}
        and case.check.replica in {None, c.replica_id}
    )


_AGAINST: Final[Mapping[str, Callable[[Case, Grant], bool]]] = {
    "single_production": lambda _, grant: grant.scope.mode != "single_work",
    "no_perpetuity": lambda _, grant: grant.scope.ends_on is None,
    "no_training": lambda _, grant: grant.scope.training,
    "delete_after": _kept_without_end,
}
_WORDS: Final = {
    "single_production": "is for more than one production",
    "no_perpetuity": "has no end",
    "no_training": "lets a model be trained",
    "delete_after": "leaves open until when the files are kept",
}


def training_term(case: Case, rule: Rule, grant: Grant) -> Iterator[Reason]:
    """A yes to training a model is over after so many years. Source: PL-02."""
    if case.use_class != "TRAINING" or grant.signature is None:
        return
    last = years_after(grant.signature.at.astimezone(case.zone).date(), rule.row.count("years"))
    if max(case.on, case.today) > last:
        yield case.say("D_EXPIRED", rule, ended=last)
