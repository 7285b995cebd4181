"""The release of the samples as its readers meet it: the documented queries, the data package, the dictionary, lineage,
an old DuckDB, a second home, and a decision that makes the next release.

One module, so that tests run in parallel still share one release.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sample_release import (
    SampleRelease,
    fixed_moment,
    publish_warehouse,
    read_inbox,
    release_samples,
    run_dbt,
)

from catalogue.load import load_catalogue
from catalogue.published import Published, load_published
from disclosure.deciding import Wish, draft_decision
from disclosure.decisions import append_decision
from disclosure.publish import Release
from disclosure.publish.files import read_files
from docs.worked_queries import answer_page, compare_pictures, find_examples
from expectations.suites import plan_checks
from orchestration import dbt_docs
from orchestration.dbt_docs import POLICY
from orchestration.resources import Home

OLD_READER = Path(sys.prefix) / "old-reader"  # `make test` installs the oldest DuckDB there is for this Python
FACTS = {
    "T2": "fct_proactive_disclosure",
    "T3": "fct_applications",
    "T4": "fct_review_litigation",
    "S14": "fct_statistics_annex",
}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> SampleRelease:
    return release_samples(tmp_path_factory.mktemp("home"), samples)


@pytest.fixture(scope="module")
def published() -> Published:
    return load_published(load_catalogue())


@pytest.fixture
def marts(sample: SampleRelease) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(sample.marts), read_only=True)


# documentation


@pytest.mark.parametrize("page", ["README.md", "docs/using_the_data.md"])
def test_the_answers_shown_are_those_of_the_samples(
    page: str, sample: SampleRelease, project_root: Path, tmp_path: Path
) -> None:
    text = (project_root / page).read_text(encoding="utf-8")
    answers = answer_page(text, sample.release.path, tmp_path)
    differing = [f"{answer.example.code}\n{answer.given}" for answer in answers if not answer.holds]
    assert differing == [], f"look, then run `python -m docs.worked_queries {page} --write`"
    assert compare_pictures(project_root / page, tmp_path, write=False) == 0


def test_there_are_enough_worked_queries_and_a_picture_to_look_at(project_root: Path) -> None:
    text = (project_root / "docs/using_the_data.md").read_text(encoding="utf-8")
    examples = list(find_examples(text))
    assert sum(example.language == "sql" for example in examples) >= 8
    assert sum(example.language == "python" for example in examples) >= 3
    assert re.findall(r"savefig\(\"(\w+\.svg)\"", text) == re.findall(r"!\[[^]]+\]\((\w+\.svg)\)", text) != []


def test_an_answer_that_is_not_the_samples_is_noticed(sample: SampleRelease, tmp_path: Path) -> None:
    page = "```sql\nselect 1 as one\n```\n\n| one |\n|---|\n| 2 |\n\n```python\nprint('yes')\n```\n"
    assert [answer.holds for answer in answer_page(page, sample.release.path, tmp_path)] == [False, False]


# data package


def test_the_data_package_is_valid(sample: SampleRelease) -> None:
    report = validate(sample.release.path)
    assert report.valid, report.flatten(["name", "type", "message"])
    assert {task.name for task in report.tasks} == {
        f"{table['schema']}.{table['name']}" for table in sample.release.manifest["tables"]
    }


def test_the_data_package_notices(sample: SampleRelease, tmp_path: Path) -> None:
    """A reference to nobody, a figure that is no number, a value off the list, a key that stands twice."""
    copy = tmp_path / "release"
    shutil.copytree(sample.release.path, copy, ignore=shutil.ignore_patterns("*.duckdb", "*.parquet"))
    package = json.loads((copy / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        del resource["hash"], resource["bytes"]
    (copy / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    for table, replaced in {
        "dim_agency": "'nobody' AS agency_id",
        "fct_applications": "'many' AS value, 'guessed' AS value_source",
        "dim_rule": "'T3-R01' AS rule_id",
    }.items():
        csv = copy / f"csv/marts/{table}.csv.gz"
        rows = duckdb.sql(f"SELECT * REPLACE ({replaced}) FROM read_csv('{csv}', header = true, all_varchar = true)")
        rows.write_csv(str(csv), compression="gzip")
    noticed = {(task.name, error.type) for task in validate(copy).tasks for error in task.errors}
    assert noticed >= {
        ("marts.dim_report", "foreign-key"),
        ("marts.fct_applications", "type-error"),
        ("marts.fct_applications", "constraint-error"),
        ("marts.dim_rule", "primary-key"),
    }


def validate(folder: Path):  # type: ignore[no-untyped-def]
    from frictionless import validate

    return validate(str(folder / "datapackage.json"))


def test_csv_says_what_parquet_says(sample: SampleRelease) -> None:
    """In words: an empty text and a missing one look alike in CSV, and lists are JSON."""
    for table in sample.release.manifest["tables"]:
        stored, read = [], []
        for column in table["columns"]:
            name, kind = f'"{column["name"]}"', column["type"]
            text = f"to_json({name})::VARCHAR" if kind.endswith("]") else name
            plain = kind == "VARCHAR" or kind.endswith("]")
            stored.append(f"ifnull({text}, '')" if plain else name)
            read.append(f"ifnull({name}, '')" if plain else f"nullif({name}, '')::{kind}")
        csv = sample.release.path / table["csv"]["path"]
        one = f"SELECT {', '.join(stored)} FROM {read_files([sample.release.path / file['path'] for file in table['parquet']])}"
        other = f"SELECT {', '.join(read)} FROM read_csv('{csv}', header = true, all_varchar = true)"
        assert duckdb.sql(f"({one}) EXCEPT ALL ({other})").fetchall() == [], table["name"]
        assert duckdb.sql(f"({other}) EXCEPT ALL ({one})").fetchall() == [], table["name"]


# dictionary


def test_every_column_is_explained_in_the_comments(marts: duckdb.DuckDBPyConnection, published: Published) -> None:
    comments = {
        (("marts" if schema == "main" else schema), table, column): comment
        for schema, table, column, comment in marts.execute(
            "SELECT schema_name, table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal"
        ).fetchall()
    }
    assert comments == {
        (table.schema_name, table.name, column.name): column.comment
        for table in published.tables
        for column in table.columns
    }


def test_every_column_is_explained_in_the_dictionary(marts: duckdb.DuckDBPyConnection, published: Published) -> None:
    found = marts.execute(
        "SELECT schema_name, table_name, column_name, chinese, english, unit, clause, caveat FROM marts.dictionary"
    ).fetchall()
    columns = [(table, column) for table in published.tables for column in table.columns]
    assert set(found) == {
        (t.schema_name, t.name, c.name, c.chinese, c.english, c.unit, c.clause, c.caveat) for t, c in columns
    }


def test_every_column_is_explained_on_the_page(project_root: Path, published: Published) -> None:
    page = (project_root / "docs/data_dictionary.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## (\S+)\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL))
    for table in published.tables:
        section = sections[f"{table.schema_name}.{table.name}"]
        for column in table.columns:
            line = next(line for line in section.splitlines() if line.startswith(f"| `{column.name}` |"))
            for words in (column.chinese, column.english, column.unit, column.clause, column.caveat):
                assert (words or "").replace("|", "\\|") in line


def test_every_column_is_explained_in_the_data_package(sample: SampleRelease, published: Published) -> None:
    package = json.loads((sample.release.path / "datapackage.json").read_text(encoding="utf-8"))
    found = {
        (resource["name"], field["name"]): (field["title"], field["description"], field.get("unit"))
        for resource in package["resources"]
        for field in resource["schema"]["fields"]
    }
    assert found == {
        (f"{table.schema_name}.{table.name}", column.name): (
            column.chinese,
            f"{column.english}.{f' {column.caveat}.' if column.caveat else ''}",
            column.unit,
        )
        for table in published.tables
        if not table.view
        for column in table.columns
    }


def test_the_documentation_of_the_models_opens_offline_and_explains_every_column(
    sample: SampleRelease, published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_this_process = ("docs", "generate", "--static")
    monkeypatch.setattr(dbt_docs, "generate", lambda home, _: run_dbt(home, *in_this_process))
    page = dbt_docs.write_docs(sample.home).read_text(encoding="utf-8")
    assert POLICY in page[: page.index("<script")]
    assert "'none'" in POLICY and "http" not in POLICY
    assert not re.search(r"<(script|link|img)[^>]+(src|href)=[\"']?(https?:)?//", page[: page.index("<script")])
    manifest = manifest_of(sample)
    assert manifest["metadata"]["send_anonymous_usage_stats"] is False
    for table in published.tables:
        node = manifest["nodes"][f"model.gouji.{table.name}"]
        described = {name: column["description"] for name, column in node["columns"].items()}
        assert described == {column.name: column.comment for column in table.columns}
        assert node["description"] in page or json.dumps(node["description"])[1:-1] in page


def test_the_project_keeps_its_conventions(sample: SampleRelease, published: Published) -> None:
    """Over the manifest: what is published is contracted and described, and only staging reads staged files. Over the plan of
    the gate: the key of whatever has one is checked."""
    nodes = manifest_of(sample)["nodes"]
    models = {node["name"]: node for node in nodes.values() if node["resource_type"] == "model"}
    keyed = {check.table for check in plan_checks(load_catalogue()) if check.rule_id == "U-KEY"}
    for name, node in models.items():
        read = {each.startswith("source.") for each in node["depends_on"]["nodes"]}
        assert node["description"] and read <= {node["schema"] == "staging"}, name
    for table in published.tables:
        node = models[table.name]
        assert (node["schema"], node["config"]["contract"]["enforced"]) == (table.schema_name, True), table.name
        assert all(column["description"] and column["data_type"] for column in node["columns"].values()), table.name
        is_keyed = f"{table.schema_name}.{table.name}" in keyed or table.view or not table.primary_key
        assert is_keyed, f"{table.name} has no check of its key"


def manifest_of(sample: SampleRelease) -> dict[str, Any]:
    return json.loads((sample.home.warehouse.parent / "dbt" / "manifest.json").read_text(encoding="utf-8"))


def test_everything_published_is_exposed(sample: SampleRelease, published: Published) -> None:
    manifest = manifest_of(sample)
    exposures = {each["name"]: set(each["depends_on"]["nodes"]) for each in manifest["exposures"].values()}
    models = {f"model.gouji.{table.name}" for table in published.tables}
    stored = {f"model.gouji.{table.name}" for table in published.tables if not table.view}
    assert exposures["marts_file"] == models
    assert exposures["parquet_files"] == exposures["data_package"] == stored
    assert set().union(*exposures.values()) == models


# lineage


@pytest.mark.parametrize("table_code", FACTS)
def test_every_figure_leads_to_its_file_place_and_print(table_code: str, marts: duckdb.DuckDBPyConnection) -> None:
    without = marts.execute(
        f"""
        SELECT facts.report_id, facts.row_code, facts.column_code, count(lineage.report_id)
        FROM marts.{FACTS[table_code]} AS facts
        LEFT JOIN quality.cell_lineage AS lineage
            ON lineage.report_id = facts.report_id AND lineage.table_code = '{table_code}'
            AND lineage.row_code = facts.row_code AND lineage.column_code = facts.column_code
            AND lineage.is_current AND lineage.row_chinese IS NOT NULL AND lineage.column_chinese IS NOT NULL
            AND length(lineage.sha256) = 64 AND lineage.source IS NOT NULL
            AND lineage.value_published IS NOT DISTINCT FROM facts.value
            AND lineage.printed IS NOT DISTINCT FROM facts.printed
            AND (lineage.state = 'absent' OR lineage.page IS NOT NULL OR lineage.grid_row IS NOT NULL)
            AND len(lineage.identities) > 0
        GROUP BY ALL HAVING count(lineage.report_id) <> 1
        """
    ).fetchall()
    assert without == []


def test_every_column_of_the_wide_table_is_the_sum_of_its_cells(
    marts: duckdb.DuckDBPyConnection, published: Published
) -> None:
    """The terms lead from any figure of agency_year to cells, and the cells give the figure again."""
    terms = marts.execute("SELECT DISTINCT column_name FROM marts.dim_column_term").fetchall()
    derived = {name for (name,) in terms}
    of_indicators = {
        column.name
        for column in published.table("agency_year").columns
        if any(
            column.name in (each.code, f"{each.code}_numerator", f"{each.code}_denominator")
            for each in published.indicators
        )
    }
    population = {"requests_per_million_denominator"}  # of the operator's list, no figure of any report
    assert derived == {count.name for count in published.counts} | of_indicators - population
    of_other_sources = ("requests_yoy", "requests_per_million")  # the year before, the operator's list of populations
    of_this_year = {name for name in derived if not name.startswith(of_other_sources)}
    different = marts.execute(
        f"""
        WITH parts AS (
            SELECT lineage.report_id, terms.column_name, terms.part, sum(terms.sign * lineage.value_published) AS value
            FROM (
                FROM marts.dim_column_term WHERE column_name IN ({", ".join(f"'{name}'" for name in sorted(of_this_year))})
            ) AS terms
            JOIN quality.cell_lineage AS lineage USING (table_code, row_code, column_code)
            GROUP BY ALL HAVING bool_and(lineage.value_published IS NOT NULL)
        ),
        again AS (
            SELECT report_id, column_name, CASE WHEN bool_or(part <> 'value')
                THEN max(value) FILTER (part = 'numerator')::DOUBLE / nullif(max(value) FILTER (part = 'denominator'), 0)
                ELSE max(value) END AS value
            FROM parts GROUP BY ALL
        ),
        wide AS (
            UNPIVOT (SELECT report_id, {", ".join(f"{name}::DOUBLE AS {name}" for name in sorted(of_this_year))} FROM marts.agency_year)
            ON COLUMNS(* EXCLUDE (report_id)) INTO NAME column_name VALUE value
        )
        FROM wide FULL JOIN again USING (report_id, column_name)
        WHERE wide.value IS DISTINCT FROM again.value AND (abs(wide.value - again.value) < 1e-9) IS NOT TRUE
            AND (wide.value IS NOT NULL OR again.value IS NOT NULL)
        """
    ).fetchall()
    assert different == []


def test_a_count_in_prose_leads_to_its_sentence_and_file(marts: duckdb.DuckDBPyConnection) -> None:
    assert marts.execute(
        "SELECT count(*) > 10, bool_and(contains(sentence, facts.printed)), bool_and(length(sha256) = 64) "
        "FROM marts.fct_narrative_counts AS facts LEFT JOIN marts.dim_report USING (report_id)"
    ).fetchone() == (True, True, True)


# old readers


READ_EVERYTHING = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
tables = connection.execute(
    "select table_schema, table_name from information_schema.tables where table_catalog = 'marts'").fetchall()
for schema, table in tables:
    connection.execute(f'select * from "{schema}"."{table}" limit 1000').fetchall()
found = connection.execute(
    "select printed, list_transform(identities, i -> i.rule_id) from quality.cell_lineage "
    "where row_code = 'granted_full' and column_code = 'org_business' and value_source = 'withheld'").fetchall()
print(duckdb.__version__, len(tables), connection.execute("select count(*) from marts.fct_applications").fetchone()[0], found)
"""


def test_the_oldest_duckdb_reads_every_table_and_view(sample: SampleRelease) -> None:
    if not (OLD_READER / "duckdb").is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"no old DuckDB in {OLD_READER}; `make old-reader` installs it")
        pytest.skip("the oldest DuckDB is not installed; `make old-reader` needs the package index")
    command = [sys.executable, "-c", READ_EVERYTHING, str(sample.marts)]
    done = subprocess.run(command, env=os.environ | {"PYTHONPATH": str(OLD_READER)}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    version, tables, facts, withheld = done.stdout.split(maxsplit=3)
    assert tuple(map(int, version.split(".")[:2])) < tuple(map(int, duckdb.__version__.split(".")[:2]))
    manifest = sample.release.manifest
    assert int(tables) == len(manifest["tables"]) + len(manifest["views"])
    assert int(facts) == next(table["rows"] for table in manifest["tables"] if table["name"] == "fct_applications")
    assert "('1', [" in withheld and "T3-R03" in withheld


# another home, another release


@pytest.fixture(scope="module")
def decided(sample: SampleRelease) -> Release:
    """The next release of the sample home, after a person accepted the one suggestion there is."""
    decide(sample.home)
    with fixed_moment():
        read_inbox(sample.home)
        run_dbt(sample.home, "run")
        return publish_warehouse(sample.home)


def decide(home: Home) -> None:
    catalogue = load_catalogue()
    wish = Wish(
        report="黑龙江省司法厅2020年度报告.pdf",
        cell="T3/granted_full/org_business",
        accept_suggestion=True,
        confirm_printed=False,
        value=None,
        evidence=None,
        who="核对人",
        why="与总计核对",
        decided_on=date(2026, 2, 1),
    )
    append_decision(home.path, draft_decision(home.path, wish, catalogue), catalogue)


def test_a_decision_is_the_cause_of_every_change_it_makes(sample: SampleRelease, decided: Release) -> None:
    changes = duckdb.sql(f"FROM '{decided.path / 'changes.parquet'}'")
    assert changes.aggregate("list(DISTINCT cause)").fetchall() == [(["new_decision"],)]
    cell = changes.filter("table_name = 'marts.fct_applications'").project("column_name, before, after, agency_id")
    agency = duckdb.sql(
        f"SELECT agency_id FROM '{decided.path}/parquet/marts/dim_agency.parquet' WHERE agency_name LIKE '黑龙江%'"
    )
    ((agency_id,),) = agency.fetchall()
    assert sorted(cell.fetchall()) == [
        ("value", None, "0.000000", agency_id),
        ("value_source", "withheld", "corrected", agency_id),
    ]
    told = decided.manifest["changes"]
    assert told["previous_release_id"] == sample.release.release_id
    assert told["tables"]["quality.corrections"] == {"row_added": 1}
    assert told["tables"]["quality.quarantine"] == {"row_removed": 1}
    assert "| withheld | corrected |" not in (page := (decided.path / "changes.md").read_text(encoding="utf-8"))
    assert "granted_full/org_business |  | 0.000000 | new_decision |" in page


def test_a_corrected_figure_leads_to_the_decision_and_to_what_was_printed(decided: Release) -> None:
    with duckdb.connect(str(decided.marts), read_only=True) as marts:
        ((printed, value, published, source, decisions),) = marts.execute(
            "SELECT printed, value, value_published, value_source, decisions FROM quality.cell_lineage "
            "WHERE decisions IS NOT NULL"
        ).fetchall()
    assert (printed, value, published, source) == ("1", 1, 0, "corrected")
    (decision,) = decisions
    assert (decision["action"], decision["who"], decision["why"]) == ("accept_suggestion", "核对人", "与总计核对")


def test_a_second_home_publishes_the_same_bytes(decided: Release, samples: Path, tmp_path: Path) -> None:
    """A fresh home that knows the decision from the start and builds with one thread, against one that came to it later."""
    home = Home(folder=str(tmp_path), inbox_folder=str(samples))
    with fixed_moment():
        read_inbox(home)
        decide(home)
        again = release_samples(tmp_path, samples, "--threads", "1").release
    kinds = (".parquet", ".gz", ".json", ".cff")
    files = [
        path.relative_to(decided.path)
        for path in sorted(decided.path.rglob("*"))
        if path.suffix in kinds and not path.name.startswith(("changes.", "manifest."))
    ]
    assert len(files) == sum(len(table["parquet"]) + 1 for table in decided.manifest["tables"]) + 2
    assert [str(file) for file in files if (again.path / file).read_bytes() != (decided.path / file).read_bytes()] == []
    assert again.release_id == decided.release_id
