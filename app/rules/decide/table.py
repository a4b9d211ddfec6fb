"""The functions that a row of a pack can switch on, by the name in its ``does``."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.rules.decide import bars, consent, exemptions, instructions, money, steps, stops, transfers
from app.rules.decide.case import Step

# A name without a function changes what others do: its being there is read from the case.
MODIFIERS: Final = frozenset({"survives", "block_form", "contributions"})

STEPS: Final[Mapping[str, Step]] = MappingProxyType(
    {
        # Absolute bars.
        "minor_sexual": bars.minor_sexual,
        "biometric_purpose": bars.biometric_purpose,
        "background_count": bars.background_count,
        "replica_state": bars.replica_state,
        # Court orders, vetoes, strikes, pauses.
        "blocks": stops.blocked,
        "strike": stops.struck,
        "runoff": stops.spared,
        # Claims that no consent is needed.
        "as_scripted": exemptions.exempted,
        "safety": exemptions.exempted,
        "unrecognisable": exemptions.exempted,
        "routine_post": exemptions.exempted,
        "dub_double": exemptions.exempted,
        "expressive": exemptions.exempted,
        "traditional_ai": exemptions.exempted,
        "unheard_claims": exemptions.unheard,
        "set_photography": exemptions.reclassified,
        "dub": exemptions.dubbed,
        # Consent.
        "exclusion": consent.excluded,
        "instruction": instructions.instructed,
        "consent": consent.consented,
        "within_description": consent.within_description,
        "added_later": consent.own_row("D_SCOPE_WORK_ADDED_LATER"),
        "training": consent.own_row("D_TRAINING"),
        "declined": consent.own_row("D_DECLINED"),
        "deceased": consent.own_row("D_DECEASED_NO_AUTH"),
        "union_posthumous": steps.union_posthumous,
        "rival_estates": steps.rival_estates,
        "confirm_work": consent.confirmed_work,
        # Validity of the grant that the use rests on.
        "form": steps.on_grant("form"),
        "description": steps.on_grant("description"),
        "enforceable": steps.on_grant("enforceable"),
        "term_cap": steps.on_grant("term_cap"),
        "signer": steps.on_grant("signer"),
        "identity_floor": steps.on_grant("identity_floor"),
        # Steps to take first.
        "known_facts": steps.known_facts,
        "notice": steps.notice,
        "business_reason": steps.business_reason,
        "synthetic_notice": steps.synthetic_notice,
        "additional_value": steps.additional_value,
        "named_prompt": steps.named_prompt,
        "transfer_approval": transfers.approved,
        # Pay.
        "pay_days": money.pay_days,
        "pay_nothing": money.nothing_more,
        "pay_bargained": money.bargained,
        "pay_creation": money.creation_day,
        "pay_half_day": money.creation_half_day,
        "pay_same_day": money.same_day,
        "pay_multiple": money.multiple,
        "pay_sessions": money.sessions,
        "pay_background": money.background_day,
        "covered_days": money.covered_days,
        "estimate": money.estimate_owed,
        # Duties.
        "residuals": money.residuals,
        "security": steps.security,
        "disclose": steps.disclose,
        "biometric_release": steps.biometric_release,
        "usage_report": steps.usage_report,
        "training_notice": steps.training_notice,
        "notify": steps.notify,
    }
)

# Parameters that a function needs, by the reader of the row that reads them; the loader asks.
NEEDS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = MappingProxyType(
    {
        "minor_sexual": (("names", "tags"),),
        "biometric_purpose": (("names", "kinds"),),
        "routine_post": (("names", "categories"),),
        "confirm_work": (("names", "modes"),),
        "form": (("names", "forms"),),
        "enforceable": (("names", "counsel_forms"),),
        "term_cap": (("count", "years"),),
        "disclose": (("names", "in_full"),),
        "biometric_release": (("names", "kinds"),),
        "identity_floor": (("word", "floor"),),
        "notice": (("count", "hours"),),
        "transfer_approval": (("count", "days"), ("count", "remind_day")),
        "dub": (("day", "contract_from"), ("day", "photography_from")),
        "expressive": (("flag", "counsel"),),
        "pay_bargained": (("flag", "floor"),),
        "pay_multiple": (("word", "category"), ("decimal", "multiple")),
        "pay_sessions": (("word", "category"), ("count", "lines")),
        "usage_report": (("count", "days"),),
    }
)

# Parameters that a function takes and can do without, in the same form.
TAKES: Final[Mapping[str, tuple[tuple[str, str], ...]]] = MappingProxyType(
    {
        "consent": (("flag", "per_picture"),),
        "enforceable": (("flag", "collective"),),
        "synthetic_notice": (
            ("count", "bargaining_business_days"),
            ("count", "arbitration_business_days"),
            ("count", "latest_business_days"),
        ),
        "pay_days": (("word", "minimum"),),
    }
)

NAMES: Final = MODIFIERS | STEPS.keys()
