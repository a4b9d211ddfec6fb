"""The command ``consent-registry``: each command reads its arguments and calls one function."""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich import box
from rich.console import Console
from rich.table import Column, Table

from app.rules.reasons import plain

if TYPE_CHECKING:
    from app.conformance.run import Ran
    from app.rules.packs import PackSet
    from app.rules.vectors import Difference
    from app.settings import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
vectors_app = typer.Typer(no_args_is_help=True, help="Conformance vectors.")
verify_app = typer.Typer(no_args_is_help=True, help="Hold what is stored against the log.")
agreements_app = typer.Typer(no_args_is_help=True, help="Agreements and laws as data.")
app.add_typer(vectors_app, name="vectors")
app.add_typer(verify_app, name="verify")
app.add_typer(agreements_app, name="agreements")

PackFolder = Annotated[Path | None, typer.Argument(help="A folder; else the packs in use.")]

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
def init() -> None:
    """Found the registry and print the one-time code of its first administrator."""
    from app import commands

    try:
        made = commands.init(_settings())
    except commands.CommandError as error:
        _stop(error, Exit.DIFFERS)
    out.print("Exchange this code for the first administrator's token, once:", markup=False)
    out.print(f"  code        {made['code']}\n  good until  {made['expires_at']}", markup=False)
    out.print("  POST /oauth2/token  grant_type=urn:consent-registry:one-time-code&code=…")


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
def agreements_list(
    directory: Annotated[
        Path | None, typer.Argument(help="A folder; else the packs in use.")
    ] = None,
) -> None:
    """List the packs: what binds, from when to when, and how much of it nobody has checked."""
    names = ("pack", "in force", "rows", "unchecked")
    table = Table(*(Column(name, no_wrap=True) for name in names), box=box.SIMPLE)
    for pack in _packs(directory).packs:
        first = "" if pack.starts_on == date.min else str(pack.starts_on)
        days = f"{first} to {pack.ends_on}" if pack.ends_on else first
        checked = [row.verified for row in pack.rules] + [row.verified for row in pack.rates]
        table.add_row(pack.name, days, str(len(checked)), str(checked.count(False)))
    out.print(table)


@agreements_app.command("show")
def agreements_show(
    name: Annotated[str, typer.Argument(help="Such as sag-aftra/tv-theatrical@2026.")],
    directory: Annotated[
        Path | None, typer.Argument(help="A folder; else the packs in use.")
    ] = None,
) -> None:
    """Show the rows of one pack, with source and grade."""
    pack = next((one for one in _packs(directory).packs if one.name == name), None)
    if pack is None:
        _stop(f"there is no pack `{name}`", Exit.USAGE)
    table = Table("row", "from", "to", "says", "grade", "checked", "source")
    for rule in pack.rules:
        days = ("" if d in {None, date.min} else str(d) for d in (rule.starts_on, rule.ends_on))
        checked = "yes" if rule.verified else "no"
        table.add_row(rule.id, *days, rule.says, rule.grade, checked, rule.source)
    for rate in pack.rates:
        figure = f"{rate.percent} %" if rate.amount is None else plain(rate.amount)
        checked = "yes" if rate.verified else "no"
        table.add_row(rate.id, str(rate.starts_on), "", figure, rate.grade, checked, rate.source)
    out.print(table)


@agreements_app.command("lint")
def agreements_lint(
    path: Annotated[Path, typer.Argument(exists=True, help="A pack file, or a folder of them.")],
) -> None:
    """Read packs as the server would: exit 0 if it would take them, 1 with every line that not."""
    from app import commands

    found = commands.pack_errors(path)
    for error in found:
        out.print(error, markup=False)
    if found:
        raise typer.Exit(Exit.DIFFERS)
    out.print("nothing is wrong")


@agreements_app.command("verify")
def agreements_verify(
    pack: Annotated[str, typer.Argument(help="Such as sag-aftra/tv-theatrical@2026.")],
    row: Annotated[str, typer.Argument(help="Such as day_performer/2026-07-01.")],
    by: Annotated[str, typer.Option(help="Who held it against the primary text.")],
    source: Annotated[str, typer.Option(help="Where in the text it stands.")],
) -> None:
    """Put on record that a row was checked; what rests on it denies from now on, not asks."""
    from app import commands
    from app.registrar.agreements import NewVerification

    try:
        commands.verify_row(_settings(), NewVerification(pack, row, by, source))
    except commands.CommandError as error:
        _stop(error, Exit.DIFFERS)
    out.print(f"{row} of {pack} was checked by {by}", markup=False)


def _packs(directory: Path | None) -> "PackSet":
    from app.agreements import PackError, load_packs

    try:
        return load_packs(directory or _settings().pack_dir)
    except PackError as error:
        _stop(error, Exit.DIFFERS)


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
