"""Indicators of two real reports, from their files to `agency_year`, against sums made by hand from the printed tables."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest
from sample_release import read_inbox, run_dbt

from orchestration.resources import Home

# 宿迁市2023年度: 收办 3,607 as the report itself says, the outcomes 1519 + 142 + 1078 + 406 + 341 = 3486
CITY = {
    "inflow": (3511 + 96, None),
    "completion_rate": (3486, 3607),
    "carryover_rate": (121, 3607),
    "clearance_rate": (3486, 3511),
    "disclosure_rate": (1191 + 328, 3486),
    "full_disclosure_rate": (1191, 3486),
    "denial_rate": (27 + 6 + 38 + 20 + 9 + 21 + 21, 3486),
    "inability_rate": (1047 + 28 + 3, 3486),
    "non_processing_rate": (305 + 39 + 58 + 4, 3486),
    "other_rate": (40 + 10 + 291, 3486),
    "factual_refusal_share": (1078, 1078 + 142),
    "applicant_share_natural_person": (3402, 3511),
    "reconsideration_correction_rate": (17, 309 + 17 + 88),
    "reconsideration_correction_rate_on_total": (17, 440),
    "litigation_loss_rate": (1 + 0, 1 + 1 + 16 + 13 + 0 + 67),
    "dispute_rate": (440 + 24, 3486),
    "post_reconsideration_suit_rate": (89, 414),
    "reconsideration_first_share": (440, 464),
    "normative_net_change": (109 - 489, None),
    "penalties_per_licence": (2_822_652, 1_808_595),
}
# 上海市人民政府办公厅2019年度: the total column of the outcomes is empty; row and column determine it (272, 265, 47 ...)
OFFICE = {
    "inflow": (859 + 18, None),
    "completion_rate": (805, 877),
    "disclosure_rate": (272 + 3, 805),
    "denial_rate": (14 + 5 + 4 + 12, 805),
    "inability_rate": (265 + 47 + 25, 805),
    "not_held_rate": (265, 805),
    "non_processing_rate": (149 + 9, 805),
    "other_rate": (0, 805),
    "denial_ground_share_state_secret": (14, 35),
    "dispute_rate": (7 + 9, 805),
    "normative_net_change": (None, None),  # the form of 2019 does not ask
}


@pytest.fixture(scope="module")
def warehouse(real_reports: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("real")
    city = folder / "inbox" / "2023" / "宿迁市人民政府"  # the report does not name who files it
    city.mkdir(parents=True)
    shutil.copy(real_reports / "real" / "suqian-2023.txt", city)
    shutil.copy(real_reports / "real" / "shanghai-bgt-2019.html", folder / "inbox")
    home = Home(folder=str(folder / "home"), inbox_folder=str(folder / "inbox"))
    read_inbox(home)
    run_dbt(home, "build", "--resource-type", "seed", "--resource-type", "model", "--select", "+agency_year")
    return home.warehouse


@pytest.mark.parametrize(
    ("agency", "region_code", "scope", "by_hand"),
    [("宿迁市人民政府", "321300", "jurisdiction", CITY), ("上海市人民政府办公厅", "310000", "agency", OFFICE)],
)
def test_indicators_are_those_made_by_hand(
    warehouse: Path, agency: str, region_code: str, scope: str, by_hand: dict[str, tuple[int | None, int | None]]
) -> None:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        result = connection.execute("from marts.agency_year where agency_name = ?", [agency])
        columns = [column[0] for column in result.description or ()]
        [row] = [dict(zip(columns, values, strict=True)) for values in result.fetchall()]
    assert (row["region_code"], row["reporting_scope"]) == (region_code, scope)
    for code, (numerator, denominator) in by_hand.items():
        if denominator is None:
            assert row[code] == numerator, code
        else:
            assert (row[f"{code}_numerator"], row[f"{code}_denominator"]) == (numerator, denominator), code
            assert row[code] == pytest.approx(float(Fraction(numerator or 0, denominator)), rel=1e-12), code
