"""Indicators: what their terms stand for once row sets are written out."""

from __future__ import annotations

from catalogue.load import load_catalogue
from catalogue.model import Indicator


def indicator(code: str) -> Indicator:
    [found] = [each for each in load_catalogue().indicators if each.code == code]
    return found


def test_other_handling_is_the_single_row_or_its_three_successors() -> None:
    assert indicator("other_rate").numerator == (
        "T3.other_handling.total",
        "T3.other_correction_overdue.total",
        "T3.other_fee_unpaid.total",
        "T3.other_misc.total",
    )


def test_refusals_are_inability_and_denial() -> None:
    share = indicator("factual_refusal_share")
    assert len(share.numerator) == 3
    assert len(share.denominator) == 3 + 8
    assert set(share.numerator) < set(share.denominator)


def test_net_change_subtracts_the_repealed() -> None:
    assert indicator("normative_net_change").numerator == (
        "T2.normative_documents.issued_this_year",
        "-T2.normative_documents.repealed_this_year",
    )


def test_suits_after_reconsideration_are_no_disputes_of_their_own() -> None:
    assert "T4.litigation_after_reconsideration.total" not in indicator("dispute_rate").numerator


def test_every_rate_has_a_floor_and_no_sum_has_one() -> None:
    for each in load_catalogue().indicators:
        assert (each.small_number_floor is not None) == bool(each.denominator), each.code


def test_shares_cover_every_ground_and_every_applicant() -> None:
    form = load_catalogue().edition("table_2021").table("T3")
    assert form is not None
    numerators = {each.code: each.numerator for each in load_catalogue().indicators}
    grounds = [terms for code, terms in numerators.items() if code.startswith("denial_ground_share_")]
    assert sorted(grounds) == sorted((f"T3.{row}.total",) for row in form.row_sets["denied_group"])
    applicants = [terms for code, terms in numerators.items() if code.startswith("applicant_share_")]
    assert sorted(applicants) == sorted((f"T3.requests_received.{code}",) for code in form.column_sets["applicants"])
