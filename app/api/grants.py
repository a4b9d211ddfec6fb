"""Grants: a studio asks, the performer answers, either side asks for other terms."""

from typing import Annotated, Literal

from fastapi import Query, Request, Response

from app.api.context import now
from app.api.deps import Caller, IfMatch, Reads, act, api_router, policy, preview, respond
from app.api.exports import also_file
from app.api.grant_shapes import (
    AcceptanceIn,
    ActiveGrantOut,
    AmendmentIn,
    ConfirmationIn,
    ConfirmationOut,
    CounterOfferIn,
    DifferenceOut,
    GrantIn,
    GrantOut,
    GrantsOut,
    HistoryOut,
    PauseIn,
    ReasonIn,
    ResumptionOut,
    RevocationOut,
    State,
    SuspensionOut,
    VoidIn,
    VoidOut,
    WithdrawalAnswerIn,
)
from app.api.guard import step_up_required
from app.api.pagination import Page, paged
from app.api.terms import DescriptionIn
from app.registrar import (
    bargaining,
    grants,
    histories,
    objects,
    posthumous,
    revocations,
    voids,
    withdrawals,
)
from app.registrar.bargaining import Answer
from app.registrar.voids import Finding

router = api_router("grants")


@router.post(
    "/v1/grants",
    status_code=201,
    response_model=GrantOut,
    summary="Ask a performer for their consent",
    **policy("grants.propose"),
)
def propose_grant(request: Request, body: GrantIn, caller: Caller) -> Response:
    """Offers at once; a performer or a work that is not on record yet may come along."""
    new = body.offer()
    return act(request, caller, lambda tx: grants.offer(tx, caller, new))


@router.get(
    "/v1/grants", response_model=GrantsOut, summary="List consents", **policy("grants.list")
)
def list_grants(
    request: Request,
    caller: Caller,
    session: Reads,
    page: Page,
    *,
    state: Annotated[State | None, Query()] = None,
    performer: Annotated[str | None, Query(max_length=260)] = None,
    withdrawal: Annotated[
        Literal["open", "accepted", "refused"] | None,
        Query(description="Asked for without the right to it: `open` ones wait for the studio."),
    ] = None,
) -> Response:
    """Those that the caller may see, newest first."""
    looking = objects.eyes(session, caller, now(request).date())
    found = objects.page(
        looking,
        "grant",
        page.before,
        page.fetch,
        state=state,
        performer_id=performer,
        withdrawal_answer=withdrawal,
    )
    return paged(request, page, [histories.view(looking, row) for row in found])


@router.get(
    "/v1/grants/{grant_id}",
    response_model=GrantOut,
    summary="Read a consent",
    **policy("grants.read"),
)
def read_grant(request: Request, grant_id: str, caller: Caller, session: Reads) -> Response:
    """With the works that the signer is shown and what the other side proposed, if anything."""
    looking = objects.eyes(session, caller, now(request).date())
    row = objects.find(looking, "grant", grant_id)
    return respond(histories.view(looking, row), headers={"ETag": objects.etag_of(row)})


@router.get(
    "/v1/grants/{grant_id}/history",
    response_model=HistoryOut,
    summary="Read every version of a consent",
    **also_file(policy("grants.read")),
)
def read_history(request: Request, grant_id: str, caller: Caller, session: Reads) -> Response:
    """First to last, each with the entry of the log that wrote it."""
    looking = objects.eyes(session, caller, now(request).date())
    row = objects.find(looking, "grant", grant_id)
    return respond({"data": histories.versions(looking, row)})


@router.get(
    "/v1/grants/{grant_id}/diff",
    response_model=DifferenceOut,
    summary="Compare two versions of the terms",
    **policy("grants.read"),
)
def compare_terms(
    request: Request,
    grant_id: str,
    caller: Caller,
    session: Reads,
    from_: Annotated[int | None, Query(alias="from", ge=1, le=2**31 - 1)] = None,
    to: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
) -> Response:
    """Term by term. Where nothing is said: what is proposed, or the last change, with what was."""
    looking = objects.eyes(session, caller, now(request).date())
    row = objects.find(looking, "grant", grant_id)
    return respond(histories.compared(looking, row, from_, to))


@router.post(
    "/v1/grants/{grant_id}/amendments",
    response_model=GrantOut,
    summary="Propose other terms, or take a counter-offer",
    **policy("grants.amend"),
)
def amend_grant(
    request: Request, grant_id: str, body: AmendmentIn, caller: Caller, read: IfMatch
) -> Response:
    """Before the signature the offer changes; after it, the performer has to sign the change."""
    answer = Answer(read, body.changes(), body.terms_hash, note=body.note)
    return act(request, caller, lambda tx: bargaining.amend(tx, caller, grant_id, answer))


@router.post(
    "/v1/grants/{grant_id}/counter-offers",
    response_model=GrantOut,
    summary="Ask for other terms",
    **policy("grants.counter"),
)
def counter_offer(
    request: Request, grant_id: str, body: CounterOfferIn, caller: Caller, read: IfMatch
) -> Response:
    """Any term; signed in advance with `presigned`, which takes a fresh sign-in."""
    if body.presigned and not caller.stepped_up:
        raise step_up_required(machine=caller.is_client)
    answer = Answer(
        read,
        body.changes(),
        presigned=body.presigned,
        note=body.note,
        answer_by=body.answer_by,
    )
    return act(request, caller, lambda tx: bargaining.counter(tx, caller, grant_id, answer))


@router.post(
    "/v1/grants/{grant_id}/counter-offers/withdrawal",
    response_model=GrantOut,
    summary="Take a counter-offer back",
    **policy("grants.take_back"),
)
def take_counter_offer_back(request: Request, grant_id: str, caller: Caller) -> Response:
    """Signed in advance or not, as long as the studio has not taken it."""
    return act(request, caller, lambda tx: bargaining.take_back(tx, caller, grant_id))


@router.post(
    "/v1/grants/{grant_id}/acceptance",
    response_model=ActiveGrantOut,
    summary="Sign",
    **policy("grants.accept"),
)
def accept_grant(request: Request, grant_id: str, body: AcceptanceIn, caller: Caller) -> Response:
    """Only the performer, or a person whose right to sign was proven: exactly what they read."""
    read, despite = body.terms_hash, body.despite_instructions
    return act(
        request, caller, lambda tx: grants.accept(tx, caller, grant_id, read, despite=despite)
    )


@router.post(
    "/v1/grants/{grant_id}/posthumous-consent",
    response_model=ActiveGrantOut,
    summary="Say yes for the dead, as a union",
    **policy("grants.accept_for_the_dead"),
)
def accept_for_the_dead(
    request: Request, grant_id: str, body: AcceptanceIn, caller: Caller
) -> Response:
    """Where a contract says so, on a search on record that found nobody who speaks for them."""
    return act(
        request, caller, lambda tx: posthumous.consent(tx, caller, grant_id, body.terms_hash)
    )


@router.post(
    "/v1/grants/{grant_id}/void",
    response_model=VoidOut,
    summary="Put on record that a consent is void",
    **policy("grants.void"),
)
def void_grant(request: Request, grant_id: str, body: VoidIn, caller: Caller) -> Response:
    """As a court or an arbitrator found: it never was one, and finished uses do not run on."""
    finding = Finding(body.basis, body.document_hash, body.reason)
    return act(request, caller, lambda tx: voids.void(tx, caller, grant_id, finding))


@router.post(
    "/v1/grants/{grant_id}/confirmations",
    status_code=201,
    response_model=ConfirmationOut,
    summary="Say yes to one work under an umbrella consent",
    **policy("grants.confirm"),
)
def confirm_work(request: Request, grant_id: str, body: ConfirmationIn, caller: Caller) -> Response:
    """Needed where the agreement takes a yes for each picture."""
    said = body.description
    if isinstance(said, str):
        said = DescriptionIn(text=said)
    description = None if said is None else said.model_dump(mode="json")
    return act(
        request,
        caller,
        lambda tx: grants.confirm_work(
            tx, caller, grant_id, body.work, (body.terms_hash, description)
        ),
    )


@router.post(
    "/v1/grants/{grant_id}/decline",
    response_model=GrantOut,
    summary="Say no",
    **policy("grants.decline"),
)
def decline_grant(
    request: Request, grant_id: str, caller: Caller, body: ReasonIn | None = None
) -> Response:
    """To the offer, or to a proposed change; what was agreed before stays."""
    reason = body.reason if body else None
    return act(request, caller, lambda tx: grants.decline(tx, caller, grant_id, reason))


@router.post(
    "/v1/grants/{grant_id}/withdrawal",
    response_model=GrantOut,
    summary="Take an offer back",
    **policy("grants.withdraw"),
)
def withdraw_grant(request: Request, grant_id: str, caller: Caller) -> Response:
    """The studio's own offer, or the change that it proposed."""
    return act(request, caller, lambda tx: grants.withdraw(tx, caller, grant_id))


@router.post(
    "/v1/grants/{grant_id}/revocation",
    response_model=RevocationOut,
    summary="Stop new uses for good",
    **policy("grants.revoke"),
)
def revoke_grant(
    request: Request, grant_id: str, caller: Caller, body: ReasonIn | None = None
) -> Response:
    """As the terms allow; asked without the right, it is put on record and the studio answers."""
    reason = body.reason if body else None
    return act(request, caller, lambda tx: revocations.revoke(tx, caller, grant_id, reason))


@router.post(
    "/v1/grants/{grant_id}/withdrawal-answer",
    response_model=RevocationOut,
    summary="Answer a performer who asked to stop",
    **policy("grants.answer_withdrawal"),
)
def answer_withdrawal(
    request: Request, grant_id: str, body: WithdrawalAnswerIn, caller: Caller
) -> Response:
    """To a wish that the terms give no right to: new uses stop now, or why they do not."""
    said, words = body.answer, body.words
    return act(request, caller, lambda tx: withdrawals.answer(tx, caller, grant_id, said, words))


@router.get(
    "/v1/grants/{grant_id}/revocation-preview",
    response_model=RevocationOut,
    summary="See what a revocation would reach",
    **policy("grants.preview_revocation"),
)
def preview_revocation(request: Request, grant_id: str, caller: Caller) -> Response:
    """Runs the act and undoes it: nothing is recorded."""
    return preview(request, caller, lambda tx: revocations.revoke(tx, caller, grant_id, None))


@router.post(
    "/v1/grants/{grant_id}/suspension",
    status_code=201,
    response_model=SuspensionOut,
    summary="Pause new uses under a consent",
    **policy("grants.suspend"),
)
def suspend_grant(
    request: Request, grant_id: str, caller: Caller, body: PauseIn | None = None
) -> Response:
    """Finished uses run on."""
    pause = (body or PauseIn()).value()
    return act(request, caller, lambda tx: revocations.suspend(tx, caller, grant_id, pause))


@router.post(
    "/v1/grants/{grant_id}/resumption",
    response_model=ResumptionOut,
    summary="End the pause of a consent",
    **policy("grants.resume"),
)
def resume_grant(request: Request, grant_id: str, caller: Caller) -> Response:
    """Answers with what each held use would be told now."""
    return act(request, caller, lambda tx: revocations.resume(tx, caller, grant_id))


@router.post(
    "/v1/performers/{performer_id}/suspensions",
    status_code=201,
    response_model=SuspensionOut,
    summary="Pause new uses under every consent",
    **policy("performers.suspend"),
)
def suspend_performer(
    request: Request, performer_id: str, caller: Caller, body: PauseIn | None = None
) -> Response:
    """Finished uses run on."""
    pause = (body or PauseIn()).value()
    return act(request, caller, lambda tx: revocations.suspend_all(tx, caller, performer_id, pause))


@router.post(
    "/v1/performers/{performer_id}/resumption",
    response_model=ResumptionOut,
    summary="End the pause of every consent",
    **policy("performers.resume"),
)
def resume_performer(request: Request, performer_id: str, caller: Caller) -> Response:
    """Pauses of single consents go on."""
    return act(request, caller, lambda tx: revocations.resume_all(tx, caller, performer_id))
