"""What a studio answers to a performer who asked to stop without the right to."""

from app.registrar import grants, parties, revocations, sweep
from app.registrar.callers import Caller
from app.registrar.problems import wrong
from app.rules import grants as rules
from app.rules.refusals import Refusal
from app.store import log, rows
from app.store.tx import Recorded, Refused, Tx


def answer(
    tx: Tx, caller: Caller, grant_id: str, said: str, words: str | None
) -> Recorded | Refused:
    """Let new uses stop from now, or refuse with words. ``said``: `accepted` | `refused`.

    The studio gives a right that it need not give; what is finished runs on, as with any
    revocation.
    """
    row = grants.taken(tx, caller, grant_id)
    state = rules.move("answer_withdrawal", row["state"], "studio")
    if isinstance(state, Refusal):
        return parties.refused(state, **grants.about(row))
    if row["withdrawal_answer"] != rules.WITHDRAWAL_OPEN:
        nothing = Refusal("nothing_open", "The performer asks for nothing that is open.")
        return parties.refused(nothing, **grants.about(row))
    if said == "refused" and words is None:
        raise wrong("/words", "required", "Say why not; the performer reads it.")
    touched = revocations.uses_under(tx, row["id"])
    log.begin(tx)
    answered = {
        "withdrawal_answer": said,
        "withdrawal_answered_at": tx.now,
        "withdrawal_words": words,
    }
    if said == "refused":
        row = rows.amend(tx, "grant", row["id"], **answered)
        return grants.done(tx, caller, row, "grant.withdrawal_refused", effective_from=None)
    row = rows.amend(
        tx, "grant", row["id"], **answered, state=state, revoked_from=tx.now, proposal=None
    )
    sweep.enlist_under(tx, row["id"], revocations.unfinished(touched))
    return grants.done(
        tx,
        caller,
        row,
        "grant.revoked",
        effective_from=rows.plain(tx.now),
        affected=revocations.by_stage(touched),
    )
