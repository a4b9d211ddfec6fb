"""Putting together what the steps found: one answer, all reasons, amounts, and who owes what."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from app.rules.codes import DENY, INFO, NEEDS_ACTION, OBLIGATION, WARNING
from app.rules.decide.case import Case, Finding
from app.rules.decide.consent import estates_of
from app.rules.decide.contributions import BARE, Contribution, contribution
from app.rules.decide.rows import Line, NotKnown
from app.rules.reasons import Reason, Rest, make, plain
from app.rules.standing import contested, estate_proven
from app.rules.terms import Money

OUTCOMES: Final = ("allow", "allow_with_obligations", "needs_action", "deny")


@dataclass(frozen=True, slots=True)
class Amounts:
    """What the use costs, to the minor unit."""

    lines: tuple[Line, ...]
    gross: Money
    contributions: Money
    # How the contributions came about, by the kind of role whose pay bears them.
    contributed: tuple[Contribution, ...] = ()

    @property
    def total(self) -> Money:
        """Pay and contributions."""
        return Money(self.gross.minor + self.contributions.minor, self.gross.currency)

    @property
    def unverified(self) -> tuple[str, ...]:
        """Rows whose figures nobody checked against the contract."""
        rates = [r for line in self.lines for r in line.rates]
        rates += [r for found in self.contributed for r in found.rates]
        return tuple(sorted({r.row.id for r in rates if not r.verified}))

    def wire(self) -> dict[str, object]:
        """The form in JSON."""
        return {
            "lines": [line.wire() for line in self.lines],
            "contribution_lines": [found.wire() for found in self.contributed],
            "gross": self.gross.wire(),
            "contributions": self.contributions.wire(),
            "total": self.total.wire(),
            "unverified": list(self.unverified),
        }


@dataclass(frozen=True, slots=True)
class PackUsed:
    """A pack that the decision was taken under."""

    family: str
    version: str
    hash: str

    def wire(self) -> dict[str, object]:
        """The form in JSON."""
        return {"family": self.family, "version": self.version, "hash": self.hash}


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to a check. The wire form has no id, time or name beyond titles."""

    outcome: str
    use_class: str | None
    reasons: tuple[Reason, ...]
    amounts: Amounts | None = None
    # What is owed besides, and nobody can say yet how much.
    not_known: tuple[NotKnown, ...] = ()
    packs: tuple[PackUsed, ...] = ()
    # The facts that somebody stated and from which the answer was read, and whose word they are.
    rests_on: tuple[Rest, ...] = ()
    # For whoever records the use: what it rests on and how much it makes. Not on the wire.
    grant_id: str | None = None
    days: Decimal | None = None
    estimate_id: str | None = None
    gate: str | None = None

    @property
    def do_now(self) -> tuple[str, ...]:
        """Codes of what the caller has to do, before or while making the use."""
        return _codes(r for r in self.reasons if r.spec.when == "do_now")

    @property
    def owed_later(self) -> tuple[str, ...]:
        """Codes of what the office owes afterwards."""
        return _codes(r for r in self.reasons if r.spec.when == "owed_later")

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes, strongest first."""
        return _codes(self.reasons)

    @property
    def allowed(self) -> bool:
        """Whether the use may go ahead."""
        return self.outcome in {"allow", "allow_with_obligations"}

    def wire(self) -> dict[str, object]:
        """The form in JSON: only strings, integers, booleans, lists and objects."""
        return {
            "outcome": self.outcome,
            "class": self.use_class or "",
            "reasons": [reason.wire() for reason in self.reasons],
            "do_now": list(self.do_now),
            "owed_later": list(self.owed_later),
            "amounts": self.amounts.wire() if self.amounts is not None else {},
            "not_known": [one.wire() for one in self.not_known],
            "packs": [pack.wire() for pack in self.packs],
            "rests_on": [rest.wire() for rest in self.rests_on],
        }


def _codes(reasons: Iterable[Reason]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(r.code for r in reasons))


def outcome_of(reasons: Iterable[Reason]) -> str:
    """The worst that any reason says; warnings and information never change it."""
    said = {r.outcome for r in reasons}
    for outcome, answer in (
        (DENY, "deny"),
        (NEEDS_ACTION, "needs_action"),
        (OBLIGATION, "allow_with_obligations"),
    ):
        if outcome in said:
            return answer
    return "allow"


_WEIGHT: Final = {DENY: 0, NEEDS_ACTION: 1, OBLIGATION: 2, WARNING: 3, INFO: 4}


def ordered(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """One reason per thing said, of the strongest pack; strongest reason first.

    What decides the outcome comes before what does not; within that, precedence orders.
    """
    kept: dict[tuple[object, ...], Reason] = {}
    for reason in sorted(reasons, key=lambda r: (r.source.rank, r.sentence)):
        kept.setdefault(reason.key, reason)
    return tuple(
        sorted(
            kept.values(),
            key=lambda r: (
                _WEIGHT[r.outcome],
                r.spec.precedence,
                r.code,
                r.source.rank,
                r.sentence,
            ),
        )
    )


def settle(case: Case, findings: Iterable[Finding]) -> tuple[Amounts | None, tuple[Reason, ...]]:
    """Amounts with contributions, and what is owed or has to be known first."""
    lines = _lines(findings)
    if not lines:
        return None, ()
    gross = Money(sum(line.amount.minor for line in lines), lines[0].amount.currency)
    rules = case.rules_doing("contributions")
    borne = [line for line in lines if line.kind not in BARE]
    pay = Money(sum(line.amount.minor for line in borne), gross.currency)
    if not rules or pay.minor == 0:
        amounts = Amounts(lines, gross, Money(0, gross.currency))
        return amounts, _owed(case, lines[0], amounts)
    percent = case.rate(f"contribution.{borne[0].category}")
    if percent is None:
        known = case.photography_start is not None
        field = "contribution rate" if known else "photography_start"
        what = (
            "what the contribution to the benefit plans is"
            if known
            else "when photography of the picture starts"
        )
        return None, (case.say("A_FACT_NEEDED", rules[0], field=field, what=what, base=pay),)
    share = contribution(case, case.source(rules[0]), percent, borne[0], pay)
    amounts = Amounts(lines, gross, share.figure.money, (share,))
    return amounts, _owed(case, lines[0], amounts)


def unknowns(findings: Iterable[Finding], lines: tuple[Line, ...]) -> tuple[NotKnown, ...]:
    """What is owed and not known, once per thing; what another pack does say is known.

    What is owed in another currency is said beside the sum, and not added to it.
    """
    told = {line.what for line in lines}
    kept: dict[str, NotKnown] = {}
    found = [f for f in findings if isinstance(f, NotKnown) and f.what not in told]
    for one in sorted(found, key=lambda one: one.source.rank):
        kept.setdefault(one.what, one)
    apart = (line for line in _each(findings) if lines and line not in lines)
    return (*kept.values(), *(_not_added(line) for line in apart))


def _not_added(line: Line) -> NotKnown:
    why = f"It is owed in another currency, and never converted: {line.figure.sentence}"
    return NotKnown(line.kind, line.what, why, line.source, once=line.once)


def _lines(findings: Iterable[Finding]) -> tuple[Line, ...]:
    """Lines that can be added: those in the currency of the first."""
    found = _each(findings)
    return tuple(line for line in found if line.amount.currency == found[0].amount.currency)


def _each(findings: Iterable[Finding]) -> tuple[Line, ...]:
    """One line per thing that is paid for; of several agreements, those of the one that pays most.

    What is paid in two currencies is not compared, and so is there in both.
    """
    lines = sorted((f for f in findings if isinstance(f, Line)), key=lambda f: f.source.rank)
    by_pack: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        if line.source.rule:
            by_pack.setdefault((line.amount.currency, line.source.pack), []).append(line)
    most: dict[str, tuple[Line, ...]] = {}
    for (currency, _), of_one in by_pack.items():
        each = _once(of_one)
        most[currency] = max(most.get(currency, each), each, key=_sum)
    by_terms = [line for line in lines if not line.source.rule]
    return _once([*(line for each in most.values() for line in each), *by_terms])


def _once(lines: Iterable[Line]) -> tuple[Line, ...]:
    kept: dict[tuple[str, str], Line] = {}
    for line in lines:
        kept.setdefault((line.what, line.amount.currency), line)
    return tuple(kept.values())


def _sum(lines: Iterable[Line]) -> int:
    return sum(line.amount.minor for line in lines)


def _owed(case: Case, line: Line, amounts: Amounts) -> tuple[Reason, ...]:
    if amounts.gross.minor == 0:
        return ()
    return (_pay(line, amounts), *_kept(case, line))


def _kept(case: Case, line: Line) -> tuple[Reason, ...]:
    """What is owed to the dead is kept until somebody is proven who answers for them alone."""
    found = estates_of(case)
    proven = estate_proven(case.facts, case.check.performer, case.today, case.as_of)
    if case.died_on is None or (proven and not contested(found)):
        return ()
    return (make("O_KEEP_FOR_ESTATE", line.source, died=case.died_on),)


def _pay(line: Line, amounts: Amounts) -> Reason:
    shares = amounts.contributions.minor
    added = f" and {plain(amounts.contributions)} in contributions, {plain(amounts.total)} in all"
    doubt = " A figure in it was not checked against the contract."
    return make(
        "O_PAY",
        line.source,
        gross=amounts.gross,
        contributions=amounts.contributions,
        total=amounts.total,
        days=line.days,
        daily=line.daily,
        pro_rata=line.pro_rata,
        unverified=amounts.unverified,
        contribution_words=added if shares else "",
        unverified_words=doubt if amounts.unverified else "",
    )
