"""What is wrong with a request for consent before anybody signs it, and what would mend it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from app.rules.codes import WARNING
from app.rules.decide.case import Case, open_case
from app.rules.decide.rows import Rule
from app.rules.decide.validity import GRANT_STEPS, is_model
from app.rules.facts import Check, Engagement, Facts, Grant, Signature
from app.rules.grants import SHARED
from app.rules.packs import LAW, Pack, PackSet
from app.rules.reasons import Reason, Source

# What can be asked of terms by themselves; who signs them and how well they are known comes later.
STEPS: Final = tuple(
    name for name in GRANT_STEPS if name not in {"signer", "identity_floor", "term_cap"}
)
# A use that shows nobody, or that makes nothing, is no use of the replica that the terms describe.
_NOT_MADE: Final = frozenset({"synthetic", "exhibit"})

# The kind of work that people are engaged for as models.
_OF_MODELS: Final = "commercial"

# Rows without a basis go by the day of engagement or, as for a draft, the start of photography.
_BY_START: Final = frozenset({None, "photography_start"})

BINDS: Final = "yes"
# Nothing on record says where the performer lives or is captured, so that nobody can tell.
MAY_BIND: Final = "not_known"

SAMPLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "scan": (
            "One session of at most four hours: face and body are photographed from all sides, in"
            " costume, for scenes 40 to 60 of this film and for nothing else."
        ),
        "face_replace": (
            "In scenes 41 and 42 the performer's face replaces that of the stunt double during the"
            " fall from the roof; it is seen for about six seconds and does not speak."
        ),
        "de_age": (
            "In the flashback, scenes 12 to 15, the performer plays the part and their face is made"
            " to look about twenty years younger; nothing that they say or do is changed."
        ),
        "stunt": (
            "In scene 45 the replica falls from the pier into the water, because nobody can do it"
            " safely; the performer is seen from behind and, for two seconds, from the side."
        ),
        "crowd": (
            "In the stadium, scene 70, the replica fills seats in the background, out of focus,"
            " beside the people who were there on the day."
        ),
        "synthesize_voice": (
            "Eleven lines of scene 23, listed in the annex, are spoken by the performer's"
            " synthesised voice in English, as the shooting script has them."
        ),
        "dub": (
            "The performer's lines in this film are heard in French and German in their own"
            " synthesised voice, and the mouth is matched to them; the meaning stays the same."
        ),
        "alter": (
            "In scene 30 the line that the performer spoke is replaced by the one in the annex, and"
            " the mouth is matched to it; nothing else of the scene changes."
        ),
        "realtime": (
            "In the game the replica answers players in the voice of its character, in words that"
            " are made while they play, about the plot alone; no profanity and no slurs."
        ),
        "train_model": (
            "The recordings of the two sessions in the annex train one voice model, which is used"
            " for this game alone and deleted when it is finished."
        ),
        "promo": (
            "Two trailers of this film show the replica in the shots of scene 45 that are in the"
            " film itself, with nothing added."
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Mend:
    """One way of putting it right. ``fields`` are members of the request."""

    fields: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What one rule has against the draft, for these works and uses."""

    code: str
    outcome: str
    sentence: str
    source: Source
    title: str
    binds: str
    works: tuple[str, ...]
    uses: tuple[str, ...]
    mend: tuple[Mend, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A law or agreement that the draft was held against."""

    pack: str
    title: str
    binds: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that is wrong with a draft; no ``faults``: nothing that its terms can show."""

    held: tuple[Held, ...]
    faults: tuple[Fault, ...]
    warnings: tuple[Mend, ...]
    samples: Mapping[str, str]
    # Whether rules were left out because the day that they go by is not on record.
    undated: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    rule: Rule
    reason: Reason
    binds: str
    work: str
    use: str

    @property
    def advises(self) -> bool:
        """Whether the draft could be signed as it is, and somebody advises against it."""
        return self.reason.outcome == WARNING

    @property
    def field(self) -> str:
        """The member of the request that the rule misses, where it names one."""
        return str(self.reason.facts.get("field", ""))


def signed(draft: Grant, at: datetime) -> Grant:
    """The consent that the draft would be, were it signed as it is."""
    return replace(draft, state="active", signature=Signature(at=at, identity="vouched"))


def lint(draft: Grant, known: Mapping[str, Facts], packs: PackSet, *, as_of: datetime) -> Verdict:
    """Hold a draft against every law and agreement that binds, or that may bind.

    ``known`` gives the facts by work. Nothing is decided about a use: only the terms are read.
    """
    grant = signed(draft, as_of)
    cases = tuple(_cases(grant, known, packs, as_of))
    found = [one for case, binds in cases for one in _found(case, grant, binds)]
    undated = tuple(_undated(cases))
    return Verdict(
        held=_held(cases),
        faults=tuple(_faults((one for one in found if not one.advises), grant)),
        warnings=(*undated, *_warnings(grant), *_advice(found)),
        samples={use: SAMPLES[use] for use in grant.scope.uses if use in SAMPLES},
        undated=bool(undated),
    )


def _cases(
    grant: Grant, known: Mapping[str, Facts], packs: PackSet, as_of: datetime
) -> Iterator[tuple[Case, tuple[Pack, ...] | None]]:
    """Each work and use as it stands; and, where no place is on record, as each law would see it.

    With a case stand the only packs that are heard in it; ``None``: all.
    """
    for work, facts in known.items():
        for use in (use for use in grant.scope.uses if use not in _NOT_MADE):
            check = Check(
                work=work,
                use=use,
                performer=grant.performer_id,
                producer=grant.grantee_id,
                replica=grant.replica_id,
                territories=grant.scope.territories,
            )
            case = open_case(check, facts, packs, as_of)
            if case is None:
                continue
            yield case, None
            # Where it is shown says nothing of where somebody lives or is captured.
            if not (case.places["residence"] or case.places["capture"]):
                yield from _supposed(case)
            if not case.engagements and case.work.kind == _OF_MODELS:
                yield from _supposed_model(case)


def _supposed(case: Case) -> Iterator[tuple[Case, tuple[Pack, ...]]]:
    for family in sorted({p.family for p in case.packs.packs if p.kind == LAW}):
        law = case.packs.of(family)
        place = next(place for pack in law for place in pack.nexus)
        person = next(p for p in case.facts.performers if p.id == case.check.performer)
        there = replace(person, residence=place)
        yield replace(case, performer=there, kept={}), law


def _supposed_model(case: Case) -> Iterator[tuple[Case, tuple[Pack, ...]]]:
    """An advertisement shows models, and nobody has said as what the performer is engaged."""
    laws = tuple(rule.pack for rule in case.rules_doing("model_terms"))
    if laws:
        job = Engagement(
            performer_id=case.check.performer or "",
            work_id=case.work.id,
            producer_id=case.producer.id,
            role_class="model",
            engaged_at=case.as_of,
        )
        yield replace(case, facts=replace(case.facts, engagements=(job,)), kept={}), laws


def _found(case: Case, grant: Grant, only: tuple[Pack, ...] | None) -> Iterator[_Found]:
    for rule in case.rules:
        for step in (name for name in rule.row.does if _asks(rule, only) and name in STEPS):
            for reason in GRANT_STEPS[step](case, rule, grant):
                binds = BINDS if only is None else MAY_BIND
                yield _Found(rule, reason, binds, case.work.id, case.check.use)


def _asks(rule: Rule, only: tuple[Pack, ...] | None) -> bool:
    """Whether a row is heard of a draft."""
    return only is None or rule.pack in only


def _undated(cases: Iterable[tuple[Case, tuple[Pack, ...] | None]]) -> Iterator[Mend]:
    """What cannot be told before the start of photography is known; a check would ask for it."""
    titles: dict[str, set[str]] = {}
    says: dict[str, list[str]] = {}
    for case, only in cases:
        for rule in (r for r in case.undated if r.row.basis in _BY_START and _asks(r, only)):
            family = rule.pack.family
            titles.setdefault(family, set()).add(rule.pack.title)
            if _of_terms(case, rule) and rule.row.says not in says.setdefault(family, []):
                says[family].append(rule.row.says)
    for family, named in titles.items():
        words = (
            "Say of the work when photography of the picture starts. Which rules of"
            f" {' and '.join(sorted(named))} are in force goes by that day (most of them, once"
            " the performer is engaged, by that of the engagement); a check asks for it first."
        )
        asked = " ".join(says.get(family, ()))
        more = f" Of these terms they may ask: {asked}" if asked else ""
        yield Mend(("photography_start",), words + more)


def _held(cases: Iterable[tuple[Case, tuple[Pack, ...] | None]]) -> tuple[Held, ...]:
    found: dict[str, Held] = {}
    for case, only in cases:
        for rule in case.rules:
            if _asks(rule, only) and _of_terms(case, rule):
                binds = BINDS if only is None else MAY_BIND
                held = Held(rule.pack.name, rule.pack.title, binds)
                found.setdefault(rule.pack.name, held)
    return tuple(found.values())


def _of_terms(case: Case, rule: Rule) -> bool:
    """Whether a row is about the terms of such a draft."""
    steps = {*STEPS}.intersection(rule.row.does)
    return bool(steps if is_model(case) else steps - {"model_terms"})


def _faults(found: Iterable[_Found], grant: Grant) -> Iterator[Fault]:
    grouped: dict[tuple[str, ...], list[_Found]] = {}
    for one in found:
        key = (one.rule.pack.name, one.rule.row.id, one.reason.code, one.field)
        grouped.setdefault(key, []).append(one)
    for same in grouped.values():
        first = same[0]
        uses = tuple(dict.fromkeys(one.use for one in same))
        yield Fault(
            code=first.reason.code,
            outcome=first.reason.outcome,
            sentence=_sentence(first),
            source=first.reason.source,
            title=first.rule.pack.title,
            binds=first.binds,
            works=tuple(dict.fromkeys(one.work for one in same)),
            uses=uses,
            mend=tuple(_mends(first, grant, uses)),
        )


_SAYS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "D_CLAUSE_UNENFORCEABLE": (
            "Signed as it is, the clause would bind nobody under {law}: the replica does what the"
            " performer would do in person, its uses are not described reasonably specifically, and"
            " nobody stands by the performer. Any one of the three is enough."
        ),
        "A_CLAUSE_UNCLEAR": (
            "Whether the clause would bind under {law} cannot be told: it does not describe its"
            " uses, nobody stands by the performer, and it does not say whether the replica does"
            " what the performer would do in person."
        ),
        "D_DESC_MISSING": (
            "{law} asks for a reasonably specific description of what the replica will do, and the"
            " draft has none."
        ),
        "D_FORM_NOT_SEPARATE": (
            "{law} asks that the yes to the replica stands out and is signed by itself, and by the"
            " draft it would not be."
        ),
    }
)


def _sentence(found: _Found) -> str:
    """What is wrong, said of a draft: nobody has signed anything, and nothing is stopped yet."""
    law, code = found.rule.pack.title, found.reason.code
    if found.field:
        return f"{_first(law)} asks that the description says more than the draft has it say."
    if code not in _SAYS or (code == _FORM and not found.rule.row.params.get("forms")):
        return found.reason.sentence.removeprefix("Stop. ")
    return _first(_SAYS[code].format(law=law))


def _first(words: str) -> str:
    return words[:1].upper() + words[1:]


_FORM: Final = "D_FORM_NOT_SEPARATE"
_CLAUSE: Final = frozenset({"D_CLAUSE_UNENFORCEABLE", "A_CLAUSE_UNCLEAR"})


def _mends(found: _Found, grant: Grant, uses: tuple[str, ...]) -> Iterator[Mend]:
    code = found.reason.code
    if found.field:
        yield Mend((found.field,), "Say it, one way or the other.")
    elif code in _CLAUSE:
        yield from _clause_mends(found, grant, uses)
    elif code == "D_DESC_MISSING":
        yield _described(uses)
    elif code == "D_TERMS_UNSTATED":
        yield from _terms_mends(found, uses)
    elif code == "D_UNLIMITED_BUYOUT":
        fields = ("ends_on", "max_uses", "max_seconds", "membership", "pay")
        yield Mend(fields, "Set a last day or a cap, freeze the list of works, or pay by the use.")
    elif code == _FORM:
        forms = found.rule.row.params.get("forms")
        words = "Put it where it stands out."
        if forms:
            ways = _ways(found.rule.row.names("forms"))
            words = f"Put it where it stands out and have it {ways}."
        fields = (*_standing_out(grant), *(("form.separate_sign",) if forms else ()))
        yield Mend(fields, words)


def _described(uses: tuple[str, ...]) -> Mend:
    sample = " ".join(SAMPLES[use] for use in uses[:1] if use in SAMPLES)
    return Mend(("description",), f"Describe what the replica will do, such as: “{sample}”")


def _clause_mends(found: _Found, grant: Grant, uses: tuple[str, ...]) -> Iterator[Mend]:
    row = found.rule.row
    if found.reason.code == "A_CLAUSE_UNCLEAR":
        words = "Say whether the replica does what the performer would otherwise do in person."
        yield Mend(("form.replaces_in_person_work",), words)
    yield _described(uses)
    yield Mend(
        ("form.counsel_negotiated", *_standing_out(grant), "form.separate_sign"),
        "Or let counsel of the performer bargain over the clause, put it where it stands out,"
        f" and have it {_ways(row.names('counsel_forms'))}.",
    )
    if row.flag("collective"):
        words = (
            "Or engage the performer under a union's agreement that speaks of replicas and binds"
            " the producer as its signatory; none does here, and to name one is not enough."
        )
        yield Mend(("agreement",), words)


def _terms_mends(found: _Found, uses: tuple[str, ...]) -> Iterator[Mend]:
    stated: Mapping[str, Mend] = {
        "what it is for": _described(uses),
        "what it pays": Mend(("pay",), "State what it pays, if only that it pays nothing."),
        "how long it lasts": Mend(("ends_on",), "State the last day."),
    }
    missing = found.reason.facts["missing"]
    assert isinstance(missing, tuple)  # noqa: S101 - for the type checker
    yield from (mend for words, mend in stated.items() if words in missing)


def _standing_out(grant: Grant) -> tuple[str, ...]:
    """Members of the form that are not yet as they have to be."""
    form = grant.form
    wanted = (("written", form.written), ("clear_and_conspicuous", form.clear_and_conspicuous))
    return tuple(f"form.{name}" for name, said in wanted if not said)


_WAYS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "initial": "initialled by itself",
        "separate_signature": "signed by itself",
        "separate_document": "signed in a document of its own",
        "none": "signed with the contract",
    }
)


def _ways(forms: Iterable[str]) -> str:
    *first, last = [_WAYS[form] for form in forms]
    return f"{', '.join(first)} or {last}" if first else last


_ADVISED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "single_production": "mode",
        "no_perpetuity": "ends_on",
        "no_training": "training",
        "years": "ends_on",
    }
)


def _advice(found: Iterable[_Found]) -> Iterable[Mend]:
    """What is advised against in the draft, each advice once."""
    said = [one.reason for one in found if one.advises]
    return dict.fromkeys(
        Mend(
            tuple(_ADVISED[point] for point in _points(reason) if point in _ADVISED),
            _first(reason.sentence.removeprefix("Note: ")),
        )
        for reason in said
    )


def _points(reason: Reason) -> tuple[str, ...]:
    """What a union advises against; any other warning names none."""
    points = reason.facts.get("points", ())
    assert isinstance(points, tuple)  # noqa: S101 - for the type checker
    return points


def _warnings(grant: Grant) -> Iterator[Mend]:
    if "alter" in grant.scope.uses and (grant.pay is None or grant.pay.alteration is None):
        words = "Nothing is said of pay for altering what was performed. Say it, if only that none."
        yield Mend(("pay.alteration",), words)
    if grant.pay is not None and grant.pay.kind in SHARED and grant.pay.amount is None:
        words = "A share alone can come to nothing. Say what is paid in any case, if only nothing."
        yield Mend(("pay.amount",), words)
