"""SQL of the rules about ourselves that single columns cannot say: keys, provenance, nothing lost on the way.

Each query answers with one row of counts and first failing rows (see `counted_rows.py`). A condition that SQL cannot
decide (null) counts as a failure. Large tables are compared by grouped sums, never row against row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from catalogue.model import Catalogue, Edition, Table
from expectations.sql import FIRST_ROWS, in_list, literal, values

BATCH = "batch AS NOT MATERIALIZED (SELECT * FROM {batch})"
_KNOWN_SOURCES = ("printed", "imputed", "corrected")
_EMPTY_SOURCES = ("withheld", "null")


def failing_rows(violation: str, shown: Mapping[str, str], where: str = "TRUE") -> str:
    """Rows of the table where `violation` is not false. `shown` names what a failing row carries along."""
    return _count(f"{BATCH}, judged AS NOT MATERIALIZED (SELECT * FROM batch WHERE {where})", violation, shown)


def repeated_keys(key: Sequence[str], shown: Mapping[str, str]) -> str:
    """Keys that stand on more than one row; a null in a key is a value like any other here.

    Grouping by one hash finds the rows in doubt in half the time and with small groups; the key itself then judges them.
    """
    grouped = ", ".join(key)
    doubtful = f"SELECT hash({grouped}) AS key_hash FROM batch GROUP BY key_hash HAVING count(*) > 1"
    return repeated_rows(f"WITH {BATCH}", doubtful, f"hash({grouped})", "key_hash", key, shown)


def repeated_cells(
    key: Sequence[str], table_codes: Sequence[str], catalogue: Catalogue, shown: Mapping[str, str]
) -> str:
    """`repeated_keys` of a table whose key ends in the codes of a cell.

    A unit (the rest of the key) that holds exactly the cells of a form holds none twice. Only units that do not are judged
    cell by cell: there are as many groups as reports, not as many as cells.
    """
    unit = ", ".join(name for name in key if name not in ("row_code", "column_code"))
    cell = "bit_xor(hash(row_code || ' ' || column_code))"
    forms = enumerate(cells for code in table_codes for _, _, cells in _forms(catalogue, code))
    relations = f"""WITH {BATCH},
form_cell(form, row_code, column_code) AS MATERIALIZED (VALUES {values([(n, *each) for n, cells in forms for each in cells])}),
form AS MATERIALIZED (SELECT count(*) AS cells, {cell} AS codes FROM form_cell GROUP BY form)"""
    doubtful = f"""SELECT hash({unit}) AS unit_hash FROM batch GROUP BY {unit}
    HAVING (count(*), {cell}) NOT IN (SELECT (cells, codes) FROM form)"""
    return repeated_rows(relations, doubtful, f"hash({unit})", "unit_hash", key, shown)


def repeated_rows(
    relations: str, doubtful: str, found_by: str, hash_name: str, key: Sequence[str], shown: Mapping[str, str]
) -> str:
    """The rows in doubt, judged by the whole key: `doubtful` finds hashes (`hash_name`) of those `found_by` computes."""
    examples = ", ".join(f"{name} := any_value({expression})" for name, expression in shown.items())
    return f"""
{relations},
doubtful AS MATERIALIZED ({doubtful}),
repeated AS MATERIALIZED (
    SELECT struct_pack({examples}, copies := CAST(count(*) AS VARCHAR)) AS example
    FROM batch WHERE {found_by} IN (SELECT {hash_name} FROM doubtful)
    GROUP BY {", ".join(key)} HAVING count(*) > 1
),
size AS MATERIALIZED (SELECT count(*) AS rows_there FROM batch)
SELECT rows_there AS population, rows_there AS matched, rows_there AS assessed,
    (SELECT count(*) FROM repeated) AS unexpected, (SELECT min(example, {FIRST_ROWS}) FROM repeated) AS rows
FROM size"""


def published_without_provenance(shown: Mapping[str, str], narrative: bool) -> str:
    """Published values that do not say where they come from: the report, its source and hash, the words on the page."""
    origin = (
        "batch.sentence IS NOT NULL AND batch.printed IS NOT NULL"
        if narrative
        else f"batch.value_source IN ({in_list(_KNOWN_SOURCES)})"
        " AND (batch.value_source <> 'printed' OR batch.printed IS NOT NULL)"
    )
    judged = f"""{BATCH},
judged AS NOT MATERIALIZED (
    SELECT batch.*, report.source, report.sha256, ({origin}) IS TRUE AS has_origin
    FROM batch LEFT JOIN marts.dim_report AS report ON report.report_id = batch.report_id
    WHERE batch.value IS NOT NULL
)"""
    return _count(judged, "NOT (has_origin AND source IS NOT NULL AND sha256 IS NOT NULL)", shown)


def empty_without_reason(shown: Mapping[str, str]) -> str:
    """Cells without a value that claim to have one."""
    return failing_rows(f"value_source NOT IN ({in_list(_EMPTY_SOURCES)})", shown, where="value IS NULL")


def pointing_nowhere(column: str, target: str, shown: Mapping[str, str], target_column: str | None = None) -> str:
    """Rows whose `column` is filled and names no row of `target` by its column of the same name, unless another is given."""
    found = f"{column} NOT IN (SELECT {target_column or column} FROM {target})"
    return failing_rows(found, shown, where=f"{column} IS NOT NULL")


def line_items_missing(catalogue: Catalogue, table_codes: Sequence[str]) -> str:
    """Cells of the catalogue's forms that the list of line items does not explain."""
    cells = [(code, *cell) for code in table_codes for cell in _form_cells(catalogue, code)]
    return f"""
WITH {BATCH},
judged AS NOT MATERIALIZED (
    SELECT form.*, batch.row_code IS NULL AS broken
    FROM (VALUES {values(cells)}) AS form(table_code, edition, row_code, column_code)
        LEFT JOIN batch USING (table_code, edition, row_code, column_code)
)
{select_counts("broken", {name: name for name in ("table_code", "edition", "row_code", "column_code")})}"""


def cells_off_form(table: str, form_column: str, catalogue: Catalogue) -> str:
    """Reports whose rows are not exactly the cells of their form: too few, too many, or rows without the form."""
    return f"""
WITH {BATCH},
form(form_version, form_variant, cells) AS MATERIALIZED (VALUES {values(form_sizes(catalogue, table))}),
on_form(form_version, row_code, column_code) AS MATERIALIZED (VALUES {values(_form_cells(catalogue, table))}),
expected AS NOT MATERIALIZED (
    SELECT report.report_id, report.agency_id, report.agency_name, report.report_year,
        report.{form_column} AS form_version, form.cells
    FROM marts.dim_report AS report
        LEFT JOIN form ON form.form_version = report.{form_column}
            AND form.form_variant = {_variant_of_form("report", form_column, catalogue, table)}
    WHERE report.{form_column} IS NOT NULL
),
found AS NOT MATERIALIZED (
    SELECT batch.report_id, count(*) AS cells, count(on_form.row_code) AS cells_on_form,
        min(batch.form_version) AS form_version, max(batch.form_version) AS last_form_version
    FROM batch LEFT JOIN on_form USING (form_version, row_code, column_code) GROUP BY batch.report_id
),
judged AS NOT MATERIALIZED (
    SELECT coalesce(expected.report_id, found.report_id) AS report_id, agency_id, agency_name, report_year,
        expected.form_version, expected.cells AS expected_cells, found.cells AS found_cells,
        (expected.cells = found.cells AND found.cells = found.cells_on_form
            AND expected.form_version = found.form_version
            AND found.form_version = found.last_form_version) IS NOT TRUE AS broken
    FROM expected FULL JOIN found ON found.report_id = expected.report_id
)
{select_counts("broken", _report("form_version", "expected_cells", "found_cells"))}"""


def facts_unlike_filed(table_code: str) -> str:
    """Reports whose published cells are not those of quality.cells_as_filed, compared by one hash a report."""
    # Hashed twice: a hash of several columns is their hashes combined, so that two cells could change values unnoticed.
    fingerprint = "hash(hash(row_code, column_code, CAST({0} AS DECIMAL(20, 6)), value_source, printed, {1}))"
    return f"""
WITH {BATCH},
published AS NOT MATERIALIZED (
    SELECT report_id, count(*) AS cells, bit_xor({fingerprint.format("value", "form_version")}) AS fingerprint
    FROM batch GROUP BY report_id
),
filed AS NOT MATERIALIZED (
    SELECT report_id, count(*) AS cells, bit_xor({fingerprint.format("value_published", "edition")}) AS fingerprint
    FROM quality.cells_as_filed WHERE table_code = {literal(table_code)}
        AND report_id IN (SELECT report_id FROM marts.dim_report)
    GROUP BY report_id
),
judged AS NOT MATERIALIZED (
    SELECT coalesce(published.report_id, filed.report_id) AS report_id, agency_id, agency_name, report_year,
        published.cells AS published_cells, filed.cells AS filed_cells,
        (published.cells = filed.cells AND published.fingerprint = filed.fingerprint) IS NOT TRUE AS broken
    FROM published FULL JOIN filed ON filed.report_id = published.report_id
        LEFT JOIN marts.dim_report AS report ON report.report_id = coalesce(published.report_id, filed.report_id)
)
{select_counts("broken", _report("published_cells", "filed_cells"))}"""


def filed_cells_missing(catalogue: Catalogue, forms: Mapping[str, str]) -> str:
    """Tables of current reports of which quality.cells_as_filed lacks cells. `forms`: table code -> form column."""
    sizes = [(table, *size) for table in forms for size in form_sizes(catalogue, table)]
    tables = " UNION ALL ".join(
        f"SELECT report_id, agency_id, agency_name, report_year, {literal(table)} AS table_code, "
        f"{column} AS edition, {_variant_of_form('report', column, catalogue, table)} AS form_variant "
        f"FROM marts.dim_report AS report WHERE {column} IS NOT NULL"
        for table, column in forms.items()
    )
    return f"""
WITH {BATCH},
form(table_code, edition, form_variant, cells) AS MATERIALIZED (VALUES {values(sizes)}),
expected AS NOT MATERIALIZED ({tables}),
found AS NOT MATERIALIZED (SELECT report_id, table_code, edition, count(*) AS cells FROM batch GROUP BY ALL),
judged AS NOT MATERIALIZED (
    SELECT expected.*, form.cells AS expected_cells, found.cells AS found_cells,
        (form.cells = found.cells) IS NOT TRUE AS broken
    FROM expected
        LEFT JOIN form ON form.table_code = expected.table_code AND form.edition = expected.edition
            AND form.form_variant = expected.form_variant
        LEFT JOIN found ON found.report_id = expected.report_id AND found.table_code = expected.table_code
            AND found.edition = expected.edition
)
{select_counts("broken", _report("table_code", "edition", "expected_cells", "found_cells"))}"""


def filed_values_changed(shown: Mapping[str, str]) -> str:
    """Cells whose published value is not the one their value_source promises: as printed, as imputed, or none."""
    return failing_rows(
        """CASE value_source
        WHEN 'printed' THEN value_published IS DISTINCT FROM value OR value IS NULL
        WHEN 'imputed' THEN value_published IS DISTINCT FROM value_imputed OR value_imputed IS NULL OR value IS NOT NULL
        WHEN 'corrected' THEN value_published IS NULL
        WHEN 'withheld' THEN value_published IS NOT NULL
        WHEN 'null' THEN value_published IS NOT NULL
        ELSE TRUE END""",
        shown,
    )


def form_sizes(catalogue: Catalogue, table_code: str) -> list[tuple[str, str, int]]:
    """(edition, variant, number of cells) of every form that has the table; the national form is the variant ""."""
    return [(edition, variant, len(cells)) for edition, variant, cells in _forms(catalogue, table_code)]


def editions_with(catalogue: Catalogue, table_code: str) -> list[tuple[Edition, Table]]:
    """The editions that have the table."""
    return [(edition, table) for edition in catalogue.editions if (table := edition.table(table_code)) is not None]


def _form_cells(catalogue: Catalogue, table_code: str) -> list[tuple[str, str, str]]:
    return [
        (edition.code, row_code, column_code)
        for edition, table in editions_with(catalogue, table_code)
        for row_code, column_code in table.cells_of_all_variants()
    ]


def _forms(catalogue: Catalogue, table_code: str) -> list[tuple[str, str, tuple[tuple[str, str], ...]]]:
    """(edition, variant, cells) of every form that has the table; the national form is the variant ""."""
    return [
        (edition.code, variant, table.cells(variant or None))
        for edition, table in editions_with(catalogue, table_code)
        for variant in ("", *_variants_with_rows(edition, table))
    ]


def _variants_with_rows(edition: Edition, table: Table) -> list[str]:
    rows = {row.form_variant for row in table.rows}
    return [variant.code for variant in edition.variants if variant.code in rows]


def _variant_of_form(relation: str, form_column: str, catalogue: Catalogue, table_code: str) -> str:
    """SQL: the report's variant where it changes this table, else ""; a variant of T2 says nothing about T3."""
    pairs = [(edition, variant) for edition, variant, _ in form_sizes(catalogue, table_code) if variant]
    if not pairs:
        return "''"
    known = f"({relation}.{form_column}, {relation}.form_variant) IN ({values(pairs)})"
    return f"CASE WHEN {known} THEN {relation}.form_variant ELSE '' END"


def _report(*more: str) -> dict[str, str]:
    return {name: name for name in ("report_id", "agency_id", "agency_name", "report_year", *more)}


def _count(relations: str, violation: str, shown: Mapping[str, str]) -> str:
    return f"WITH {relations}\n{select_counts(f'({violation}) IS NOT FALSE', shown)}"


def select_counts(broken: str, shown: Mapping[str, str]) -> str:
    """Counts over `judged`, every row of which was looked at. What is shown of a row is made for the broken ones only: an
    aggregate with a filter makes it of every row first, which takes longer than to judge them all."""
    example = ", ".join(f"{name} := CAST({expression} AS VARCHAR)" for name, expression in shown.items())
    return f"""SELECT count(*) AS population, count(*) AS matched, count(*) AS assessed,
    count(*) FILTER ({broken}) AS unexpected,
    min(CASE WHEN {broken} THEN struct_pack({example}) END, {FIRST_ROWS}) FILTER ({broken}) AS rows
FROM judged"""
