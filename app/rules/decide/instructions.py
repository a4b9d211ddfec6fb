"""Standing instructions: what a performer said once for all requests to come.

A ``never`` stands against every consent that was signed after it, unless the performer said in that
signature that it counts all the same. Neither of the others changes an answer: an ``always`` is no
consent, and both are told where a request would have to be made.
"""

from collections.abc import Iterator

from app.rules.days import day_of
from app.rules.decide.case import Case, Finding
from app.rules.decide.consent import consent_of
from app.rules.decide.rows import Rule
from app.rules.facts import Grant, Instruction
from app.rules.instructions import ALWAYS, ASK_ME, NEVER, in_force, matches, words


def instructed(case: Case, rule: Rule) -> Iterator[Finding]:
    """What the performer said in advance of such a use."""
    consent = consent_of(case)
    if not consent.needed:
        return
    grant, unclear = consent.grant, list[str]()
    for said in in_force(case.facts.instructions, case.check.performer, case.as_of):
        hit = matches(said, case.check.use, case.tags)
        if said.say == NEVER and (grant is None or _stands_against(case, said, grant)):
            if hit:
                yield _never(case, rule, said, grant)
            elif hit is None and grant is not None:
                unclear.append(words(said))
        elif hit and grant is None and said.say in {ALWAYS, ASK_ME}:
            code = "W_STANDING_YES" if said.say == ALWAYS else "W_STANDING_ASK"
            yield case.say(code, rule, what=words(said))
    if unclear:
        yield case.say("A_CONTENT_NOT_STATED", rule, tags=tuple(unclear))


def _stands_against(case: Case, said: Instruction, grant: Grant) -> bool:
    """Whether the consent was signed after it, and nobody said that it counts all the same."""
    signature = grant.signature
    if signature is None or signature.at < said.starts_at:
        return False
    despite = signature.despite_instructions_at
    return despite is None or not said.starts_at <= despite <= case.as_of


def _never(case: Case, rule: Rule, said: Instruction, grant: Grant | None) -> Finding:
    later = "" if grant is None else " What they signed later does not say otherwise."
    return case.say(
        "D_STANDING_NO", rule, what=words(said), said=day_of(said.starts_at), later=later
    )
