"""The command ``consent-registry``: each command reads its arguments and calls one function."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import typer
from rich import box
from rich.console import Console
from rich.progress import Progress
from rich.table import Column, Table

from app.rules.reasons import plain

if TYPE_CHECKING:
    from app.conformance.run import Ran
    from app.exchange.importing import Outcome
    from app.rules.packs import Pack, PackSet, RateRow, RuleRow
    from app.rules.residuals import Worked
    from app.rules.vectors import Difference
    from app.settings import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
vectors_app = typer.Typer(no_args_is_help=True, help="Conformance vectors.")
verify_app = typer.Typer(no_args_is_help=True, help="Hold what is stored against the log.")
agreements_app = typer.Typer(no_args_is_help=True, help="Agreements and laws as data.")
app.add_typer(vectors_app, name="vectors")
app.add_typer(verify_app, name="verify")
app.add_typer(agreements_app, name="agreements")

PackFolder = Annotated[
    Path | None, typer.Argument(help="A folder of packs beside the registry's; else PACK_DIR.")
]

out = Console(soft_wrap=True)
err = Console(stderr=True, soft_wrap=True)


class Exit(IntEnum):
    """What a pipeline reads. 3 and 4 belong to checks: needs action, an undeclared obligation."""

    CLEAR = 0
    DIFFERS = 1
    USAGE = 2
    UNREACHABLE = 5


def main() -> None:
    """Run the command line."""
    app()


@vectors_app.command("run")
def vectors_run(
    path: Annotated[Path, typer.Argument(exists=True, help="A vector file, or a folder of them.")],
    url: Annotated[str | None, typer.Option(help="Ask this server; else in process.")] = None,
    code: Annotated[
        str | None, typer.Option(help="With --url: the code of `init`, if nobody has used it yet.")
    ] = None,
) -> None:
    """Run conformance vectors: exit 0 if all agree, 1 if one differs."""
    from app.agreements import load_packs
    from app.conformance.files import load
    from app.conformance.run import in_process, run

    if url is not None:
        _vectors_over_http(path, url, code)
        return
    try:
        _show(run(load(path), in_process(load_packs())))
    except ValueError as error:
        _stop(error, Exit.USAGE)


def _vectors_over_http(path: Path, url: str, code: str | None) -> None:
    import httpx2

    from app.conformance.files import load
    from app.conformance.over_http import asking
    from app.conformance.run import run

    try:
        with asking(url, code) as ask:
            _show(run(load(path), ask))
    except httpx2.TransportError as error:
        _stop(f"`{url}` does not answer: {error}", Exit.UNREACHABLE)
    except ValueError as error:
        _stop(error, Exit.USAGE)


def _show(results: "Iterable[Ran]") -> None:
    table = Table("vector", "title", "result")
    differs: list[Difference] = []
    left_out = count = 0
    for ran in results:
        count += 1
        left_out += bool(ran.left_out)
        table.add_row(ran.id, ran.title, ran.result)
        differs += ran.differences
    out.print(table)
    for one in differs:
        said = f"{one.vector} {one.pointer}: expected {one.expected!r}, got {one.got!r}"
        out.print(said, markup=False)
    differing = len({one.vector for one in differs})
    out.print(f"{count} vectors, {differing} differ, {left_out} left out")
    if differs:
        raise typer.Exit(Exit.DIFFERS)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to bind.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to bind.")] = 8000,
) -> None:
    """Serve the API."""
    import uvicorn

    settings = _settings()
    # Said here by file and line, and not out of the middle of a start in each worker.
    _packs(settings.pack_dir)
    out.print(f"serving on http://localhost:{port}")
    uvicorn.run(
        "app.main:from_environment",
        factory=True,
        host=host,
        port=port,
        workers=settings.workers,
        log_level=settings.log_level,
        access_log=False,
        server_header=False,
        # Longer than what stands in front keeps an idle connection (mostly 60 s): whoever closes
        # first must be the one who also sends, or a request meets a connection that just went.
        timeout_keep_alive=75,
    )


@app.command()
def migrate() -> None:
    """Bring the database to this release's schema."""
    from app import commands

    commands.migrate(_settings())
    out.print("the database is at this release's schema")


@app.command()
def init(
    company: Annotated[
        str | None, typer.Option(help="The studio that runs it for itself, by its name.")
    ] = None,
    address: Annotated[
        str | None, typer.Option(help="Send the codes there by mail; else they are shown here.")
    ] = None,
) -> None:
    """Found the registry: its keys, entry 0, and one-time codes for who begins.

    An empty database is made ready first. With --company the company is put on record as a studio,
    with a code for its own administrator.
    """
    from app import commands

    try:
        made = commands.init(_settings(), company, address)
    except (commands.CommandError, ValueError) as error:
        _stop(error, Exit.DIFFERS)
    if "sent" in made:
        out.print(f"the codes were sent to {made['sent']}", markup=False)
        return
    if "unsent" in made:
        err.print(f"the mail could not be sent: {made['unsent']}", markup=False)
    out.print("Exchange each code for an access token, once:", markup=False)
    out.print(f"  code        {made['code']}", markup=False)
    if "company_code" in made:
        out.print(f"  company     {made['company_code']}", markup=False)
    out.print(f"  good until  {made['expires_at']}", markup=False)
    out.print("  POST /oauth2/token  grant_type=urn:consent-registry:one-time-code&code=…")


@app.command()
def deliver() -> None:
    """Send the messages that wait, by mail; serving does the same as long as it is up."""
    from app import commands

    try:
        outcomes = commands.deliver(_settings())
    except (commands.CommandError, ValueError) as error:
        _stop(error, Exit.USAGE)
    failed = [outcome.failure for outcome in outcomes if outcome.failure is not None]
    for failure in failed:
        out.print(f"not sent: {failure}", markup=False)
    out.print(f"{len(outcomes) - len(failed)} messages sent, {len(failed)} not")
    if failed:
        raise typer.Exit(Exit.DIFFERS)


@verify_app.command("state")
def verify_state() -> None:
    """Rebuild every table from the log and compare: exit 0 if they agree, 1 if not."""
    from app import commands

    try:
        report = commands.verify_state(_settings())
    except commands.CommandError as error:
        _stop(error, Exit.UNREACHABLE)
    for one in report.differences:
        out.print(f"{one.where}: {one.what}", markup=False)
    out.print(
        f"{report.entries} entries, {report.rows} rows, {report.skipped} erased parts skipped, "
        f"{len(report.differences)} differences"
    )
    if report.differences:
        raise typer.Exit(Exit.DIFFERS)


@app.command()
def tick() -> None:
    """Remind, once each, of what has to be looked at again; run it every hour or so."""
    from app import commands

    try:
        said = commands.tick(_settings())
    except commands.CommandError as error:
        _stop(error, Exit.UNREACHABLE)
    out.print(f"{said} reminders")


@app.command()
def dossier(
    performer: Annotated[str, typer.Option(help="Id of a performer.")],
    work: Annotated[str, typer.Option(help="Id of a work.")],
    on: Annotated[str, typer.Option(help="The instant, such as 2026-11-21T12:00:00Z.")],
    known: Annotated[
        int | None, typer.Option(help="As was on record at this entry of the log; else now.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The document, not the text.")] = False,
) -> None:
    """Print all that was on record of a performer and a work; that it was read is on record too."""
    from app import commands
    from app.registrar.dossiers import Wanted
    from app.registrar.printing import printed
    from app.rules.facts import instant

    try:
        wanted = Wanted(performer, work, instant(on), known)
    except ValueError as error:
        _stop(f"--on: {error}", Exit.USAGE)
    try:
        found = commands.dossier(_settings(), wanted)
    except commands.CommandError as error:
        _stop(error, Exit.DIFFERS)
    if as_json:
        out.print_json(data=found)
    else:
        out.print(printed(found), markup=False, highlight=False, end="")


@agreements_app.command("list")
def agreements_list(added: PackFolder = None) -> None:
    """List the packs: what binds, from when to when, and how much is unchecked in the files."""
    names = ("kind", "in force", "rows", "unchecked")
    table = Table(Column("pack", no_wrap=True), *names, box=box.SIMPLE)
    for pack in _packs(added).packs:
        checked = [row.verified for row in pack.rules] + [row.verified for row in pack.rates]
        unchecked = str(checked.count(False))
        table.add_row(pack.name, _kind(pack), _days(pack), str(len(checked)), unchecked)
    out.print(table)


@agreements_app.command("show")
def agreements_show(
    name: Annotated[str, typer.Argument(help="Such as sag-aftra/tv-theatrical@2026.")],
    added: PackFolder = None,
) -> None:
    """Show the rows of one pack, with source and grade."""
    pack = _pack(name, added)
    out.print(f"{pack.title} ({pack.name}), {_kind(pack)}", markup=False)
    out.print(f"{_days(pack) or 'no days of its own'}; days of {pack.zone}", markup=False)
    if pack.nexus:
        ties = " or ".join(pack.nexus_by)
        out.print(f"binds by {ties} in {', '.join(pack.nexus)}", markup=False)
    if pack.dates_by:
        out.print(f"its days are those of {', '.join(pack.dates_by)}", markup=False)
    for rule in pack.rules:
        _show_row(rule, rule.says, (rule.source, *rule.cites))
    for rate in pack.rates:
        by_rule = f"by {rate.rule}" if rate.rule else ""
        _show_row(rate, _row_in_brief(rate), (rate.source, by_rule, *rate.cites))


def _show_row(row: "RuleRow | RateRow", says: str, cites: Iterable[str]) -> None:
    # A table of so many columns cannot be read at the width of a terminal.
    first = "" if row.starts_on == date.min else f" from {row.starts_on}"
    days = f"{first} to {row.ends_on}" if row.ends_on else first
    checked = "checked" if row.verified else "not checked"
    out.print(f"\n{row.id}{days}{_basis(row.basis)}; grade {row.grade}, {checked}", markup=False)
    out.print(f"    {says}", markup=False)
    source = "; ".join(cite for cite in cites if cite)
    out.print(f"    {source or 'the registry itself'}", markup=False)


@agreements_app.command("lint")
def agreements_lint(
    path: Annotated[
        Path | None, typer.Argument(exists=True, help="A file or folder; else the packs in use.")
    ] = None,
) -> None:
    """Read packs as the server would: exit 0 if it would take them, 1 with every line that not."""
    from app.agreements import problems

    found = problems(path or _settings().pack_dir)
    for wrong in found:
        out.print(str(wrong), markup=False)
    if found:
        raise typer.Exit(Exit.DIFFERS)
    out.print("nothing is wrong")


@agreements_app.command("pool")
def agreements_pool(
    name: Annotated[str, typer.Argument(help="The pack whose residual units count.")],
    pool: Annotated[str, typer.Argument(help="What is split, such as 36000.00.")],
    worked: Annotated[
        list[str],
        typer.Option(help="Days of one performer: NAME=DAYS, or NAME=DAYS+DAYS of a replica."),
    ],
    added: PackFolder = None,
) -> None:
    """Split a residual pool by units, and show what counting the days of replicas moves.

    Caps and salary units are left out.
    """
    from app.rules.residuals import split, units
    from app.rules.terms import money_from

    pack = _pack(name, added)
    rows = [row for row in pack.rules if "residuals" in row.does]
    if not rows:
        _stop(f"`{name}` says nothing of residual units", Exit.USAGE)
    days = rows[0].count("days_in_unit")
    try:
        everybody = [_worked(one) for one in worked]
        money = money_from({"amount": pool, "currency": pack.currency})
    except (ValueError, ArithmeticError):
        _stop("write the pool as 36000.00 and days as NAME=10 or NAME=5+3", Exit.USAGE)
    counted = split(money, everybody, days)
    without = split(money, everybody, days, replicas=False)
    table = Table("performer", "units", "of the pool", "without replicas", box=box.SIMPLE)
    for one in everybody:
        many = plain(units(one.in_person + one.replica, days))
        sums = (plain(counted[one.performer]), plain(without[one.performer]))
        table.add_row(one.performer, many, *sums)
    out.print(table)


def _worked(said: str) -> "Worked":
    from app.rules.residuals import Worked

    performer, _, days = said.partition("=")
    in_person, _, replica = days.partition("+")
    return Worked(performer, Decimal(in_person), Decimal(replica or 0))


@agreements_app.command("diff")
def agreements_diff(
    before: Annotated[str, typer.Argument(help="The name of a pack, or a file.")],
    after: Annotated[str, typer.Argument(help="The name of a pack, or a file.")],
) -> None:
    """Compare two packs: what each row says in one and in the other."""
    from app.rules.packs import pack_differences

    old, new = _pack_at(before), _pack_at(after)
    # A version that follows states only what it changed: what it leaves out goes on.
    follows = old.family == new.family and old.starts_on < new.starts_on
    names = ("what", old.name, new.name)
    table = Table(Column("row", overflow="fold"), *(Column(n, overflow="fold") for n in names))
    for one in pack_differences(old, new):
        if one.member:
            table.add_row(one.row, one.member, _said_by(one.before), _said_by(one.after))
        elif one.before is None:
            table.add_row(one.row, "", "not there", _row_in_brief(one.after))
        else:
            rest = "goes on" if follows else "not there"
            table.add_row(one.row, "", _row_in_brief(one.before), rest)
    out.print(table if table.row_count else "the two say the same")


@agreements_app.command("verify")
def agreements_verify(
    pack: Annotated[str, typer.Argument(help="Such as sag-aftra/tv-theatrical@2026.")],
    row: Annotated[str, typer.Argument(help="Such as day_performer/2026-07-01.")],
    by: Annotated[str, typer.Option(help="Who held it against the primary text.")],
    source: Annotated[str, typer.Option(help="Where in the text it stands.")],
) -> None:
    """Put on record that a row was checked; what rests on it denies from now on, not asks."""
    from app import commands
    from app.agreements import PackError
    from app.registrar.agreements import NewVerification

    try:
        commands.verify_row(_settings(), NewVerification(pack, row, by, source))
    except (commands.CommandError, PackError) as error:
        _stop(error, Exit.DIFFERS)
    out.print(f"{row} of {pack} was checked by {by}", markup=False)


@app.command("import")
def import_(
    files: Annotated[
        list[Path],
        typer.Argument(exists=True, dir_okay=False, help="performers.csv, works.jsonl …"),
    ],
    url: Annotated[str, typer.Option(help="The registry.")] = "http://localhost:8000",
    token_file: Annotated[
        Path, typer.Option(help="The access token of who imports; `-` reads it from stdin.")
    ] = Path("-"),
    dry_run: Annotated[bool, typer.Option(help="Say what would happen, and do nothing.")] = False,
) -> None:
    """Put performers, works, grants and what goes with them on record from CSV and JSON Lines.

    Exit 0 if every row is on record, 1 if one is wrong, 2 if a file cannot be read, 5 if the
    registry does not answer. What is on record already is left as it is, so it can be run again.
    """
    import httpx2

    from app.exchange import connection, importing
    from app.exchange import files as reading

    try:
        plans = importing.planned(files)
    except reading.UnreadableError as error:
        _stop(error, Exit.USAGE)
    outcomes = importing.begun(plans)
    work = importing.rehearse if dry_run else importing.put_on_record
    stopped: tuple[str, Exit] | None = None
    try:
        with (
            connection.connected(url, _token(token_file)) as registry,
            _progress(sum(len(plan.lines) for plan in plans)) as tick,
        ):
            work(plans, outcomes, registry, tick)
    except connection.RefusedError as error:
        stopped = (str(error), Exit.DIFFERS)
    except httpx2.TransportError as error:
        stopped = (f"`{url}` does not answer: {error}", Exit.UNREACHABLE)
    _report(outcomes, dry_run=dry_run)
    if stopped is not None:
        _stop(f"{stopped[0]} Run it again: what is on record is left as it is.", stopped[1])
    if any(outcome.wrong for outcome in outcomes):
        raise typer.Exit(Exit.DIFFERS)


def _report(outcomes: "Iterable[Outcome]", *, dry_run: bool) -> None:
    done = "would be recorded" if dry_run else "recorded"
    table = Table("rows of", "in files", done, "known already", "wrong")
    for outcome in outcomes:
        wrong = len({(one.file, one.line) for one in outcome.wrong})
        counts = (outcome.rows, outcome.recorded, outcome.known, wrong)
        table.add_row(outcome.kind, *map(str, counts))
        for one in outcome.wrong:
            out.print(str(one), markup=False, highlight=False)
    out.print(table)


@app.command("export")
def export(
    names: Annotated[
        list[str] | None, typer.Argument(help="Lists, or their addresses; else every list.")
    ] = None,
    url: Annotated[str, typer.Option(help="The registry.")] = "http://localhost:8000",
    token_file: Annotated[
        Path, typer.Option(help="The access token of who exports; `-` reads it from stdin.")
    ] = Path("-"),
    format_: Annotated[
        Literal["csv", "jsonl"], typer.Option("--format", help="Of the files.")
    ] = "csv",
    into: Annotated[Path, typer.Option(help="The folder that they are written into.")] = Path(
        "export"
    ),
) -> None:
    """Write lists into files: what whoever exports may see, and nothing else.

    Exits with 1 when a list that was named could not be written, or none could.
    """
    import httpx2

    from app.exchange import connection, exporting

    wanted = names or [*exporting.lists()]
    table = Table("list", "file, or why there is none")
    found: list[Path | str] = []
    try:
        with (
            connection.connected(url, _token(token_file)) as registry,
            _progress(None) as tick,
        ):
            for name, what in exporting.exported(registry, wanted, into, format_, lambda _: tick()):
                table.add_row(name, str(what))
                found.append(what)
    except exporting.UnknownListError as error:
        _stop(error, Exit.USAGE)
    except httpx2.TransportError as error:
        _stop(f"`{url}` does not answer: {error}", Exit.UNREACHABLE)
    out.print(table)
    written = [isinstance(one, Path) for one in found]
    if not (all(written) if names else any(written)):
        raise typer.Exit(Exit.DIFFERS)


def _token(file: Path) -> str:
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text()
    except OSError as error:
        _stop(f"the token cannot be read: {error}", Exit.USAGE)
    return text.strip()


@contextmanager
def _progress(total: int | None) -> Iterator[Callable[[], None]]:
    """A bar that every call moves on by one."""
    with Progress(console=err, transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda: bar.advance(task)


def _packs(added: Path | None) -> "PackSet":
    from app.agreements import PackError, load_packs

    try:
        return load_packs(added or _settings().pack_dir)
    except PackError as error:
        _stop(error, Exit.DIFFERS)


def _pack(name: str, added: Path | None) -> "Pack":
    pack = next((one for one in _packs(added).packs if one.name == name), None)
    if pack is None:
        _stop(f"there is no pack `{name}`; `agreements list` names all", Exit.USAGE)
    return pack


def _pack_at(name: str) -> "Pack":
    from app.agreements import PackError, read_pack

    file = Path(name)
    if file.suffix != ".toml":
        return _pack(name, None)
    try:
        return read_pack(file.read_text("utf-8"), file.name)
    except (PackError, OSError, UnicodeDecodeError) as error:
        _stop(error, Exit.DIFFERS)


def _kind(pack: "Pack") -> str:
    return pack.kind if pack.status == "in_force" else f"{pack.kind}, {pack.status}"


def _days(pack: "Pack") -> str:
    first = "" if pack.starts_on == date.min else str(pack.starts_on)
    return f"{first} to {pack.ends_on}" if pack.ends_on else first


def _basis(name: str | None) -> str:
    if name == "always":
        return ""
    return f", by {(name or 'engagement, else photography').replace('_', ' ')}"


def _row_in_brief(row: object) -> str:
    from app.rules.packs import RuleRow

    if isinstance(row, RuleRow):
        return row.says
    figure: object = getattr(row, "amount", None)
    raised_by = getattr(row, "raised_by", None)
    if raised_by is not None:
        return f"{raised_by} % more than before, to whole {plain(getattr(row, 'rounded_to', ''))}"
    return plain(figure) if figure is not None else f"{getattr(row, 'percent', '')} %"


def _said_by(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} = {_said_by(one)}" for name, one in value.items())
    if isinstance(value, tuple):
        return ", ".join(map(_said_by, value))
    return "" if value in {None, date.min} else str(value)


@app.command()
def openapi() -> None:
    """Print the contract of the API."""
    from app.main import contract

    out.print_json(data=contract())


@app.command()
def demo() -> None:
    """Migrate, seed a fictional franchise through the acts, and serve it."""
    from app.demo import run

    run(_settings())


def _settings() -> "Settings":
    from pydantic import ValidationError

    from app.settings import Settings, UnknownSettingError

    try:
        return Settings()
    except UnknownSettingError as error:
        _stop(error, Exit.USAGE)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        _stop("\n".join(_said(one["loc"], one["msg"]) for one in found), Exit.USAGE)


def _said(where: Sequence[object], what: str) -> str:
    names = "".join(f"`CONSENT_REGISTRY_{str(part).upper()}`: " for part in where)
    return f"{names}{what.removeprefix('Value error, ')}"


def _stop(why: object, code: Exit) -> NoReturn:
    err.print(str(why), markup=False)
    raise typer.Exit(code)
