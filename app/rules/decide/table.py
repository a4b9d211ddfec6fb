"""The functions that a row of a pack can switch on, by the name in its ``does``."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.rules.decide import (
    advertising,
    bars,
    bills,
    consent,
    exemptions,
    instructions,
    labels,
    likeness,
    making,
    measuring,
    money,
    notices,
    orders,
    removals,
    sides,
    spots,
    steps,
    stops,
    transfers,
    unions,
)
from app.rules.decide.case import Step

# A name without a function changes what others do: its being there is read from the case.
MODIFIERS: Final = frozenset(
    {
        *("survives", "block_form", "contributions"),
        *("transfer_clock", "report_clock", "unverified_floor_denies", "pay_by", "term"),
        "grandfathered",
    }
)

# Functions that let something pass, or make it cheaper. A policy, which binds besides what was
# agreed, can ask for more and for nothing less.
LOOSENS: Final = frozenset(
    {
        *("as_scripted", "safety", "unrecognisable", "routine_post", "dub_double", "expressive"),
        *("traditional_ai", "dub", "survives", "union_posthumous", "runoff", "covered_days"),
        *("pay_same_day", "pay_half_day", "pay_nothing", "pay_by_waiver"),
    }
)

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
        "order_clock": orders.order_clock,
        "removal_notice": removals.removal_notice,
        "likeness": likeness.likeness,
        "likeness_after_death": likeness.likeness_after_death,
        "union_posthumous": steps.union_posthumous,
        "rival_estates": steps.rival_estates,
        "confirm_work": consent.confirmed_work,
        "ahead": spots.ahead,
        "extra_consent": spots.extra_consent,
        "on_camera_only": spots.on_camera_only,
        "blanket": sides.blanket,
        # Validity of the grant that the use rests on.
        "form": steps.on_grant("form"),
        "conspicuous": steps.on_grant("conspicuous"),
        "description": steps.on_grant("description"),
        "description_states": steps.on_grant("description_states"),
        "bought_out": steps.on_grant("bought_out"),
        "enforceable": steps.on_grant("enforceable"),
        "model_terms": steps.on_grant("model_terms"),
        "term_cap": steps.on_grant("term_cap"),
        "revocable": steps.on_grant("revocable"),
        "best_practice": steps.on_grant("best_practice"),
        "training_term": steps.on_grant("training_term"),
        "minor_term_cap": steps.on_grant("minor_term_cap"),
        "written": steps.on_grant("written"),
        "renewals": bills.renewals,
        "embodied": bills.embodied,
        "fingerprint": bills.fingerprint,
        "exposure": bills.exposure,
        "signer": steps.on_grant("signer"),
        "identity_floor": steps.on_grant("identity_floor"),
        # Steps to take first.
        "known_facts": steps.known_facts,
        "notice": steps.notice,
        "business_reason": steps.business_reason,
        "synthetic_notice": steps.synthetic_notice,
        "additional_value": steps.additional_value,
        "named_prompt": steps.named_prompt,
        "synthetic_told": notices.synthetic_told,
        "casting_notice": notices.casting,
        "union_training": notices.union_training,
        "union_told": unions.union_told,
        "refusal_kept": unions.refusal_kept,
        "per_use": unions.per_use,
        "transfer_approval": transfers.approved,
        "producer_approval": steps.producer_approval,
        "replica_origin": steps.replica_origin,
        "strike_pause": stops.paused_in_strike,
        # Pay.
        "pay_days": money.pay_days,
        "pay_nothing": money.nothing_more,
        "pay_bargained": money.bargained,
        "pay_creation": making.creation_day,
        "pay_half_day": making.creation_half_day,
        "pay_same_day": making.same_day,
        "pay_multiple": money.multiple,
        "pay_sessions": money.sessions,
        "pay_production_days": money.production_days,
        "secondary_payment": money.secondary,
        "pay_spot": spots.generated,
        "pay_by_waiver": spots.by_waiver,
        "pay_sides": sides.sung,
        "pay_background": making.background_day,
        "covered_days": money.covered_days,
        "estimate": money.estimate_owed,
        # Duties.
        "residuals": money.residuals,
        "security": steps.security,
        "disclose": labels.disclose,
        "label": labels.label,
        "machine_mark": labels.machine_mark,
        "invented_in_ad": advertising.invented_in_ad,
        "which_session": measuring.which_session,
        "biometric_release": measuring.biometric_release,
        "online_media": measuring.online_media,
        "explicit_consent": measuring.explicit_consent,
        "data_withdrawn": measuring.data_withdrawn,
        "delete_by": measuring.delete_by,
        "destruction": spots.destruction,
        "usage_report": steps.usage_report,
        "training_notice": steps.training_notice,
        "plan_payment": steps.plan_payment,
        "keep_evidence": steps.keep_evidence,
        "meeting": steps.meeting,
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
        "minor_term_cap": (("count", "years"),),
        "renewals": (("count", "first_years"), ("count", "span_years"), ("count", "last_years")),
        "exposure": (("decimal", "per_work"),),
        "disclose": (("names", "in_full"),),
        "label": (("names", "marks"),),
        "best_practice": (("names", "points"),),
        "training_term": (("count", "years"),),
        "machine_mark": (("day", "grace_until"),),
        "invented_in_ad": (("names", "heard"),),
        "order_clock": (("count", "business_days"),),
        "removal_notice": (("count", "days"),),
        "model_terms": (("names", "forms"),),
        "biometric_release": (("names", "kinds"),),
        "explicit_consent": (("names", "kinds"),),
        "delete_by": (("names", "kinds"), ("count", "years_after_purpose")),
        "identity_floor": (("word", "floor"),),
        "notice": (("count", "hours"),),
        "transfer_clock": (("count", "days"), ("count", "remind_day")),
        "dub": (("day", "contract_from"), ("day", "photography_from")),
        "expressive": (("flag", "counsel"),),
        "pay_bargained": (("flag", "floor"),),
        "residuals": (("count", "days_in_unit"),),
        "pay_multiple": (("word", "category"), ("decimal", "multiple")),
        "pay_sessions": (("word", "category"), ("count", "lines")),
        "pay_spot": (("word", "on_camera"), ("word", "off_camera"), ("decimal", "multiple")),
        "pay_by_waiver": (("word", "category"), ("decimal", "customised")),
        "extra_consent": (("names", "tags"),),
        "term": (("count", "warn_days"),),
        "pay_sides": (("word", "category"), ("count", "least")),
        "blanket": (("names", "modes"),),
        "report_clock": (("count", "days"),),
        "description_states": (("names", "states"),),
        "producer_approval": (("names", "categories"),),
        "meeting": (("count", "a_year"),),
        "pay_by": (("count", "days"),),
    }
)

# Parameters that a function takes and can do without, in the same form.
TAKES: Final[Mapping[str, tuple[tuple[str, str], ...]]] = MappingProxyType(
    {
        "likeness": (("flag", "advertising"), ("names", "exempt"), ("names", "apart_from")),
        "likeness_after_death": (
            ("count", "years"),
            ("flag", "while_exploited"),
            ("flag", "advertising"),
            ("names", "exempt"),
            ("names", "apart_from"),
        ),
        "consent": (("flag", "per_picture"),),
        "enforceable": (("flag", "collective"),),
        "synthetic_notice": (
            ("count", "bargaining_business_days"),
            ("count", "arbitration_business_days"),
            ("count", "latest_business_days"),
        ),
        "pay_days": (("word", "minimum"),),
        "named_prompt": (("flag", "by_name_alone"),),
        "pay_by": (("decimal", "late_per_day"), ("count", "late_days_at_most")),
        "delete_by": (("count", "years_after_contact"),),
        "best_practice": (("count", "years"),),
        "label": (("flag", "real_only"), ("names", "in_full"), ("count", "takedown_hours")),
    }
)

NAMES: Final = MODIFIERS | STEPS.keys()
