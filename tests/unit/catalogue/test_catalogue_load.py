"""A wrong declaration is refused with the file and the entry where it stands."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from catalogue.load import CATALOGUE_ROOT, CatalogueError, hash_of, load_catalogue, read_catalogue


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A catalogue of one's own to spoil."""
    for folder in ("forms", "identities"):
        shutil.copytree(CATALOGUE_ROOT / folder, tmp_path / folder)
    for name in ("indicators.yaml", "function_categories.yaml", "narrative_facts.yaml"):
        shutil.copy(CATALOGUE_ROOT / name, tmp_path / name)
    return tmp_path


def spoil(root: Path, name: str, right: str, wrong: str) -> None:
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert right in text, "the test no longer fits the file"
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")


def test_copy_loads_and_lacks_only_what_was_left_out(copy: Path) -> None:
    (copy / "function_categories.yaml").unlink()
    catalogue = read_catalogue(copy)
    assert catalogue.editions == load_catalogue().editions
    assert catalogue.function_categories == ()


@pytest.mark.parametrize(
    ("name", "right", "wrong", "message"),
    [
        (
            "identities/applications.yaml",
            "- {row: requests_carried_in}",
            "- {row: requests_carried_over}",
            "identities: T3-R01: T3 has no cell requests_carried_over/natural_person",
        ),
        (
            "identities/applications.yaml",
            "{columns: applicants}",
            "{columns: applicant}",
            "identities: T3-R03: no set is called 'applicant'",
        ),
        (
            "identities/applications.yaml",
            'requests_received/natural_person: "3"',
            'requests_received/natural: "3"',
            "identities: T3-R01: example names cells not on the form: ['requests_received/natural']",
        ),
        (
            "identities/review_litigation.yaml",
            "rule_id: T4-R01",
            "rule_id: T3-R01",
            "identities: T3-R01: stands 2 times",
        ),
        (
            "identities/review_litigation.yaml",
            "severity: D",
            "severity: Z",
            "review_litigation.yaml: T4-R01 at severity: ",
        ),
        (
            "identities/review_litigation.yaml",
            "severity: D",
            "severity: P",
            "identities: T4-R01: warns: what warns stands under plausibility",
        ),
        (
            "identities/general.yaml",
            "[stat_annex_2014, table_2019, table_2021]",
            "[stat_annex_2014, table_2020]",
            "identities: G-01: unknown edition table_2020",
        ),
        (
            "forms/table_2019.yaml",
            "keywords: [予以公开]",
            "keywords: [给予公开]",
            "table_2019.yaml: T3 granted_full: key word 给予公开 is not in its own label",
        ),
        (
            "forms/table_2019.yaml",
            "keywords: [行政处罚]",
            "keywords: [行政]",
            "table_2019.yaml: T2 administrative_compulsion: ",
        ),
        (
            "forms/table_2019.yaml",
            "code: denied_law_prohibited",
            "code: denied_state_secret",
            "table_2019.yaml T3 rows: denied_state_secret: stands 2 times",
        ),
        (
            "forms/table_2019.yaml",
            "to_row_codes: [administrative_penalty]",
            "to_row_codes: [administrative_penalties]",
            "table_2019.yaml: bridge T2 administrative_penalty: T2 has no row administrative_penalties",
        ),
        (
            "forms/table_2019.yaml",
            "form_variant: hubei_2020",
            "form_variant: hunan_2020",
            "table_2019.yaml: T2 other_disclosed_documents: is of the unknown variant hunan_2020",
        ),
        (
            "forms/table_2021.yaml",
            "rows_removed: [other_handling]",
            "rows_removed: [other]",
            "table_2021.yaml: table T3: changes rows ['other'] that table_2019 does not have",
        ),
        (
            "forms/table_2021.yaml",
            "{code: T4, like: table_2019}",
            "{code: T4, like: table_2025}",
            "table_2021.yaml: table T4: is like table_2025",
        ),
        (
            "forms/table_2021.yaml",
            "legal_basis:",
            "legal_bases:",
            "table_2021.yaml: table_2021 at legal_basis: Field required",
        ),
        (
            "indicators.yaml",
            "T3.unable_not_held.total",
            "T3.unable_not_hold.total",
            "indicators.yaml: not_held_rate: no edition has the cell T3.unable_not_hold.total",
        ),
        (
            "indicators.yaml",
            "T3.@other.total",
            "T3.@others.total",
            "indicators.yaml: other_rate: T3 has no row set 'others'",
        ),
        (
            "function_categories.yaml",
            "code: sports",
            "code: health",
            "function_categories.yaml: health: stands 2 times",
        ),
        (
            "function_categories.yaml",
            "function_categories:",
            "function_categories: [",
            "function_categories.yaml: the whole file: is not YAML",
        ),
    ],
)
def test_contradiction_names_file_and_entry(copy: Path, name: str, right: str, wrong: str, message: str) -> None:
    spoil(copy, name, right, wrong)
    if wrong == "keywords: [行政]":
        spoil(copy, name, "keywords: [行政强制]", wrong)
    with pytest.raises(CatalogueError) as refused:
        read_catalogue(copy)
    assert str(refused.value).startswith(message)


def test_version_changes_with_any_byte_and_only_then(copy: Path) -> None:
    before = hash_of(copy)
    assert hash_of(copy) == before
    with (copy / "indicators.yaml").open("a", encoding="utf-8") as file:
        file.write("# one more remark\n")
    assert hash_of(copy) != before


def test_catalogue_is_read_once_per_process() -> None:
    assert load_catalogue() is load_catalogue()


def test_new_edition_takes_over_tables_and_is_held_to_its_rules(copy: Path) -> None:
    (copy / "forms" / "table_2027.yaml").write_text(
        """
code: table_2027
chinese: 某版格式
english: Some form
legal_basis: 某号文件
first_report_year: 2027
last_report_year: null
tables:
  - code: T3
    like: table_2021
    edition_anchors: [某项新增情形]
    rows_added:
      - after: other_fee_unpaid
        rows:
          - {code: other_new, chinese: 某项新增情形, english: new, group: other_group, leaf: true, keywords: [新增情形]}
""",
        encoding="utf-8",
    )
    spoil(copy, "forms/table_2021.yaml", "last_report_year: null", "last_report_year: 2026")
    spoil(copy, "identities/applications.yaml", "[table_2019, table_2021]", "[table_2019, table_2021, table_2027]")
    catalogue = read_catalogue(copy)
    form = catalogue.edition("table_2027").table("T3")
    assert form is not None
    assert len(form.cells()) == 182
    assert form.row_sets["other_group"] == ("other_correction_overdue", "other_fee_unpaid", "other_new", "other_misc")
    assert {each.rule_id for each in catalogue.instances_of("table_2027", "T3")} == {"T3-R01"}
    assert len(catalogue.instances_of("table_2027", "T3")) == 7
