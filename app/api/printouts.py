"""Printouts: a consent on a sheet that can be signed on paper, filed, and checked."""

import html
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import Query, Request, Response

from app.api.context import now, registry
from app.api.deps import Caller, Reads, api_router, policy, respond
from app.api.models import Out
from app.api.shapes import example
from app.registrar import objects, printouts
from app.rules.proofs.canonical import canonical

router = api_router("printouts")

_SHEET: dict[str, Any] = {
    "title": "Consent to the use of a digital replica",
    "paragraphs": [
        {"heading": "Of", "text": "Kit Arden (perf_01k9zq3v5rfm8t4cy2x7d6ahwe)"},
        {"heading": "Description", "text": "The face on a rider, scene 12."},
    ],
    "check": ["Entry 12 of the log put this on record on 21 November 2026, 12:00 UTC."],
    "signed": True,
    "terms": {"v": "consent-registry/terms/1"},
}


class SheetOut(Out):
    """What is printed; `?format=html` gives the page."""

    model_config = example(_SHEET)

    title: str
    paragraphs: list[dict[str, str]]
    check: list[str]
    signed: bool
    terms: dict[str, Any] | None


@router.get(
    "/v1/grants/{grant_id}/printout",
    response_model=SheetOut,
    summary="Print a consent",
    **policy("grants.read"),
)
def print_grant(
    request: Request,
    grant_id: str,
    caller: Caller,
    session: Reads,
    format_: Annotated[Literal["json", "html"], Query(alias="format")] = "json",
) -> Response:
    """A request is printed with lines to sign on; a consent with who signed it, how and when."""
    looking = objects.eyes(session, caller, now(request).date())
    sheet = printouts.of(looking, grant_id, registry(request).settings.base_url)
    # As with lists, the page is made of what was read and is on record.
    request.scope["state"] |= {"format": format_, "printer": page}
    return respond(sheet.wire())


def page(sheet: Mapping[str, Any]) -> str:
    """The sheet as a page of its own: no script, no picture, nothing that is fetched."""
    told = "".join(
        f"<dt>{html.escape(one['heading'])}</dt><dd>{html.escape(one['text'])}</dd>\n"
        for one in sheet["paragraphs"]
    )
    check = "".join(f"<p>{html.escape(line)}</p>\n" for line in sheet["check"])
    title = html.escape(sheet["title"])
    terms = html.escape(canonical(sheet["terms"]).decode()) if sheet["terms"] else ""
    return _PAGE.format(
        title=title,
        told=told,
        lines="" if sheet["signed"] else _LINES,
        check=check,
        terms=f"<pre>{terms}</pre>\n" if terms else "",
    )


_LINES = """<p class="line">Name in full</p>
<p class="line">Day and place</p>
<p class="line">Signature</p>
"""
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ font: 11pt/1.45 Georgia, serif; max-width: 42em; margin: 2em auto; padding: 0 1em; }}
dt {{ font-weight: bold; margin-top: .6em; }}
dd {{ margin: 0; white-space: pre-wrap; }}
pre {{ font-size: 8pt; white-space: pre-wrap; overflow-wrap: anywhere; }}
.line {{ border-bottom: 1px solid; margin-top: 2.5em; }}
</style>
</head>
<body>
<h1>{title}</h1>
<dl>
{told}</dl>
{lines}<h2>How to check this sheet</h2>
{check}{terms}</body>
</html>
"""
