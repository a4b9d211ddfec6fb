"""A statement on paper: what is said where, and the page and the PDF that are made of it.

Both are made of the same paragraphs and tables, so that neither says more than the other.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import jinja2
import msgspec

from app.registrar.problems import problem
from app.rules import statements as rules
from app.rules.facts import instant
from app.rules.ledger import NOT_KNOWN_YET
from app.rules.reasons import plain
from app.rules.statements import STATE_WORDS
from app.rules.terms import money_from

Document = Mapping[str, Any]

_TEMPLATES: Final = Path(__file__).parent / "templates"
_UNCHECKED: Final = "not checked"
_PARTS: Final = (
    ("confirmed", "Paid, and you confirmed that it came"),
    ("said_paid", "Said to be paid; you have not confirmed it"),
    ("due", "Due now"),
    ("argued", "Argued about"),
    ("not_due", "Not due yet"),
)
_BESIDES: Final = (
    ("contributions", "Besides, to benefit plans", "It is owed to the plans and not to you."),
    ("overpaid", "Paid beyond what was owed", "It is in what was paid, and was not earned here."),
)


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a cell. ``look``: strong | small, or nothing."""

    text: str
    look: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """``wide``: how many tenths of the page it takes, where its cells hold no amount."""

    name: str
    number: bool = False
    wide: int = 2


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the first cell of a row says what the row is about."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[tuple[Part, ...], ...], ...]
    narrow: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with paragraphs and tables under it."""

    heading: str
    text: tuple[str, ...] = ()
    tables: tuple[Table, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Page:
    """All that stands on the paper."""

    title: str
    lead: tuple[str, ...]
    sections: tuple[Section, ...]


def html(said: Document) -> str:
    """The statement as a page of its own: no script, no picture, nothing that is fetched."""
    return _template().render(asdict(page(said)))


def check_pdf() -> None:
    """See that this server can make a PDF.

    Raises:
        Problem: 501, the optional part is not installed.
    """
    if find_spec("typst") is None:
        raise problem(
            "not-installed",
            "This server makes no PDF: the extra `pdf` of consent-registry is not installed. "
            "`format=html` gives the same statement as a page that can be printed.",
        )


def pdf(said: Document) -> bytes:
    """The statement as PDF/UA-1, tagged so that it can be read aloud.

    Raises:
        Problem: 501, a letter of it is in no font of this server.
    """
    import typst  # noqa: PLC0415 - an extra, which `check_pdf` sees to first

    sheet = msgspec.json.encode(asdict(page(said))).decode()
    try:
        # PDF/UA-1 and nothing less: what does not keep it is not made.
        return typst.compile(
            _TEMPLATES / "statement.typ",
            root=_TEMPLATES,
            sys_inputs={"sheet": sheet},
            pdf_standards="ua-1",
        )
    except typst.TypstError as error:
        raise problem(
            "not-installed",
            "This statement has letters that are in no font of this server, so it cannot be made a "
            "PDF that everybody can read. `format=html` gives it as a page that can be printed.",
        ) from error


def page(said: Document) -> Page:
    """The statement, in its order."""
    lines = {name: [n for n in said["data"] if n["section"] == name] for name in rules.SECTIONS}
    sections = [
        _short(said),
        *_earned(lines[rules.EARNED]),
        *_unknown([*lines[rules.EARNED], *lines[rules.MISSING]]),
        *_contributions(lines[rules.CONTRIBUTIONS]),
        *_payments(lines[rules.PAYMENTS]),
        *_outside(lines[rules.OUTSIDE]),
        *_rules(said["data"]),
        _how_to_read(said),
    ]
    lead = (_days(said["from"], said["until"]), f"As it stands on {_at(said['as_of'])}.")
    return Page(f"Statement for {said['performer'] or said['performer_id']}", lead, tuple(sections))


def _short(said: Document) -> Section:
    text = [
        f"{_money(total['unchecked'])} of what you earned rests on figures that nobody has checked "
        f"against the contract. Those lines are marked “{_UNCHECKED}”."
        for total in said["totals"]
        if money_from(total["unchecked"]).minor
    ]
    if said["unknown"] or said["missing_reports"]:
        text.append(f"{_not_counted(said)} What is not known is in no total: see “Not known yet”.")
    if not said["totals"]:
        text.append("No amount is on record for these days.")
    return Section("In short", tuple(text), tuple(_totals(total) for total in said["totals"]))


def _not_counted(said: Document) -> str:
    unknown, missing = said["unknown"], said["missing_reports"]
    words = []
    if unknown:
        words.append(f"{unknown} {'line has' if unknown == 1 else 'lines have'} no amount yet.")
    if missing:
        words.append(f"{missing} {'report is' if missing == 1 else 'reports are'} missing.")
    return " ".join(words)


def _totals(total: Document) -> Table:
    found = [
        _row((Part(name),), (Part(_money(total[part])),))
        for part, name in _PARTS
        if money_from(total[part]).minor
    ]
    earned = (Part("What these uses earned you", "strong"),)
    found.append(_row(earned, (Part(_money(total["earned"]), "strong"),)))
    found += [
        _row((Part(name), Part(more, "small")), (Part(_money(total[part])),))
        for part, name, more in _BESIDES
        if money_from(total[part]).minor
    ]
    columns = (Column("How it stands", wide=3), Column("Amount", number=True))
    return Table(f"Totals in {total['currency']}", columns, tuple(found), narrow=True)


def _earned(lines: Sequence[Document]) -> Iterator[Section]:
    known = [line for line in lines if line["state"] != NOT_KNOWN_YET]
    if not known:
        return
    columns = (
        Column("Day and work"),
        Column("How the amount came about, and why", wide=4),
        Column("Amount", number=True),
        Column("How it stands", wide=3),
    )
    rows = tuple(_row(_about(n), _why(n), _amount(n), _stands(n)) for n in known)
    yield Section("What each use earned", (), (Table("One row for each amount", columns, rows),))


def _unknown(lines: Sequence[Document]) -> Iterator[Section]:
    open_ = [line for line in lines if line["state"] == NOT_KNOWN_YET]
    if not open_:
        return
    columns = (
        Column("Day and work"),
        Column("What for", wide=3),
        Column("Why nobody knows", wide=4),
    )
    rows = tuple(_row(_about(n), (Part(_upper(n["what"])),), _open(n)) for n in open_)
    text = ("Something is owed here and nobody can say yet how much. It is not nothing.",)
    yield Section("Not known yet", text, (Table("One row for each open amount", columns, rows),))


def _open(line: Document) -> tuple[Part, ...]:
    if line["section"] == rules.MISSING:
        return (Part(line["says"], "strong"), Part(line["why"], "small"))
    return (Part(line["why"]), Part(line["rule"], "small"))


def _contributions(lines: Sequence[Document]) -> Iterator[Section]:
    if not lines:
        return
    columns = (
        Column("Day and work"),
        Column("How the amount came about, and why", wide=4),
        Column("Amount", number=True),
        Column("How it stands", wide=3),
    )
    rows = tuple(_row(_about(n), _why(n), _amount(n), _stands(n)) for n in lines)
    text = ("What is paid to pension and health plans for you. It comes on top of your pay.",)
    table = Table("One row for each contribution", columns, rows)
    yield Section("Contributions to benefit plans", text, (table,))


def _payments(lines: Sequence[Document]) -> Iterator[Section]:
    if not lines:
        return
    columns = (
        Column("Paid on"),
        Column("By whom", wide=3),
        Column("Amount", number=True),
        Column("How it stands", wide=3),
    )
    rows = tuple(
        _row(
            (Part(_day(n["day"])),),
            (Part(n["payer"]), Part(f"Reference {n['reference']}", "small")),
            (Part(_money(n["amount"])),),
            (Part(_upper(STATE_WORDS[n["state"]]), "strong"), Part(n["says"], "small")),
        )
        for n in lines
    )
    yield Section("Payments", (), (Table("One row for each payment", columns, rows),))


def _outside(lines: Sequence[Document]) -> Iterator[Section]:
    if not lines:
        return
    columns = (
        Column("Title and market", wide=3),
        Column("Period"),
        Column("Before deductions", number=True),
        Column("After deductions", number=True),
        Column("Who said so", wide=3),
    )
    rows = tuple(
        _row(
            (Part(n["title"], "strong"), Part(_upper(n["market"]))),
            (Part(_period(n)),),
            (Part(_money(n["amount"])),),
            (Part(_money(n["net"]) if n["net"] else "not said"),),
            (Part(f"{n['payer']}, {_day(n['day'])}"), Part(f"Reference {n['reference']}", "small")),
        )
        for n in lines
    )
    table = Table("One row for each title and market", columns, rows)
    yield Section("What others say was paid", (_OF_OTHERS,), (table,))


_OF_OTHERS: Final = (
    "From statements of others, in their words. Nothing here was worked out or checked by this "
    "registry, and none of it is in the totals above."
)


def _rules(lines: Sequence[Document]) -> Iterator[Section]:
    """Each rule once, for it stands behind many lines."""
    found = {line["rule"]: line["rule_says"] for line in lines if line["rule_says"]}
    if not found:
        return
    columns = (Column("Rule", wide=3), Column("What it says", wide=4))
    rows = tuple(_row((Part(rule),), (Part(says),)) for rule, says in sorted(found.items()))
    yield Section("The rules behind these amounts", (), (Table("Each rule once", columns, rows),))


def _how_to_read(said: Document) -> Section:
    states = {line["state"] for line in said["data"]} & _MEANINGS.keys()
    text = [words for state, words in _MEANINGS.items() if state in states]
    return Section("How to read this", (*text, _IN_THE_END))


_IN_THE_END: Final = (
    "Amounts in two currencies are never added. If a line is wrong, say so: each one can be "
    "disputed, and what nobody disputes stays due meanwhile."
)


_MEANINGS: Final = {
    "due": "Due: the work was done and the amount is to be paid.",
    "not_due": "Not due yet: the picture is not locked with this use in it, or nothing is owed.",
    "said_paid": "Studio says paid: that is its word until you confirm that the money came.",
    "not_received": "Not received: the studio says that it paid, and you said that nothing came.",
    "disputed": "Disputed: what both sides agree on is due while the rest is argued about.",
}


def _row(*cells: Iterable[Part]) -> tuple[tuple[Part, ...], ...]:
    return tuple(tuple(part for part in cell if part.text) for cell in cells)


def _about(line: Document) -> Iterator[Part]:
    yield Part(_day(line["day"]) if line["section"] != rules.MISSING else _period(line))
    yield Part(line["title"], "strong")
    yield Part(_upper(line["made"]), href=line["href"] or "")


def _why(line: Document) -> Iterator[Part]:
    yield Part(_upper(line["what"]))
    yield Part(line["reckoning"], "strong")
    yield Part(line["rule"], "small")
    if line["unchecked"]:
        yield Part("A figure in it was not checked against the contract.", "small")


def _amount(line: Document) -> Iterator[Part]:
    yield Part("not known" if line["amount"] is None else _money(line["amount"]), "strong")
    if line["unchecked"]:
        yield Part(_UNCHECKED, "small")


def _stands(line: Document) -> Iterator[Part]:
    words = _upper(STATE_WORDS[line["state"]])
    yield Part(words, "strong")
    # The heading has said the first of it.
    yield Part(line["says"].removeprefix(f"{words}. "), "small")
    left = line["left"]
    if left is not None and left != line["amount"] and money_from(left).minor:
        yield Part(f"{_money(left)} is left to pay.", "small")
    if line["claimed"] is not None:
        who = "You say" if line["claimed_by"] == "performer" else "The studio says"
        yield Part(f"{who} that it should be {_money(line['claimed'])}.")
    yield Part(f"Who pays: {line['payer']}" if line["payer"] else "", "small")


def _money(amount: Mapping[str, str]) -> str:
    return plain(money_from(amount))


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _day(day: str) -> str:
    return plain(date.fromisoformat(day))


def _at(at: str) -> str:
    return plain(instant(at))


def _period(line: Document) -> str:
    return rules.months(date.fromisoformat(line["starts_on"]), date.fromisoformat(line["until"]))


def _days(starts: str | None, until: str | None) -> str:
    if starts is not None and until is not None:
        words = rules.months(date.fromisoformat(starts), date.fromisoformat(until))
        return f"For {words}."
    if starts is not None:
        return f"For all days from {_day(starts)} until now."
    return "For all days until now." if until is None else f"For all days before {_day(until)}."


@cache
def _template() -> jinja2.Template:
    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    return found.get_template("statement.html")
