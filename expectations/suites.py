"""The plan of a validation: one suite per published table, made from the catalogue and its list of published tables.

Here belongs what is checked and how it is worded. The SQL is in the `*_queries` modules; running is `validate.py`. A new
column, table, edition or identity in the catalogue is checked without a change here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from catalogue.model import Catalogue, Comparison, IdentityInstance
from catalogue.plausibility import REPORT
from catalogue.published import PublishedTable, load_published
from expectations import ledger_queries, table_queries
from expectations.agency_suites import plan_agency_checks
from expectations.checks import COUNTED_ROWS, About, Check, CheckSeverity
from expectations.identity_queries import identity_queries
from expectations.limits import NO_LIMITS, Limits
from expectations.planning import REPORT_COLUMNS, naming_columns, plan_count, plan_reference, plan_rule, qualified_name

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite
    from great_expectations.expectations.expectation import Expectation

_CELL = (
    *REPORT_COLUMNS,
    "reporting_scope",
    "form_version",
    "row_code",
    "column_code",
    "value",
    "value_source",
    "printed",
)
_FILED_CELL = ("report_id", "agency_name", "report_year", "table_code", "row_code", "column_code", "value_source")
_FILED_VALUES = ("printed", "value", "value_imputed", "value_published")


def plan_checks(
    catalogue: Catalogue, receipts: int | None = None, today: date | None = None, limits: Limits = NO_LIMITS
) -> tuple[Check, ...]:
    """Every check of a validation, in the order of the published tables; check ids are unique.

    `receipts`: files the archive's register holds; given, coverage has to account for exactly that many. `today` bounds
    the report year and is the current day when left out. `limits`: what agencies may get wrong before that refuses.
    """
    tables = load_published(catalogue).tables
    forms = form_columns(tables)
    years = (min(edition.first_report_year for edition in catalogue.editions), (today or date.today()).year)
    plan = [
        check
        for table in tables
        for check in (
            (_view_check(table),)
            if table.view  # made of checked tables; its rows would be computed for every other check
            else (
                *_column_checks(table, years),
                *_key_checks(table, catalogue, tuple(forms)),
                *_table_checks(table, catalogue, forms, limits),
            )
        )
    ]
    plan += [_dictionary_check(tables)]
    if receipts is not None:
        plan.append(_receipts_check(receipts))
    identifiers = [check.check_id for check in plan]
    repeated = {identifier for identifier in identifiers if identifiers.count(identifier) > 1}
    if repeated:
        raise ValueError(f"two checks would share an id, and one would hide the other: {sorted(repeated)}")
    return tuple(plan)


def build_suite(name: str, checks: tuple[Check, ...]) -> ExpectationSuite:
    """The checks of one table as a suite of Great Expectations; `meta` carries what leads back to the check."""
    from great_expectations import ExpectationSuite

    return ExpectationSuite(name=name, expectations=[_expectation(check) for check in checks])


def form_columns(tables: tuple[PublishedTable, ...]) -> dict[str, str]:
    """Code of each statutory table -> the column of dim_report that names its edition."""
    return {table.form_table: f"{table.form_table.lower()}_form" for table in tables if table.form_table}


def _expectation(check: Check) -> Expectation:
    from great_expectations import expectations
    from great_expectations.expectations.metadata_types import FailureSeverity

    from expectations.counted_rows import ExpectNoCountedRows

    kind = ExpectNoCountedRows if check.expectation == COUNTED_ROWS else getattr(expectations, check.expectation)
    meta = {
        "check_id": check.check_id,
        "rule_id": check.rule_id,
        "edition": check.edition,
        "severity": check.identity_severity or check.severity.value,
        "chinese": check.chinese,
    }
    gx_severity = FailureSeverity.CRITICAL if check.severity is CheckSeverity.BLOCKING else FailureSeverity.WARNING
    expectation: Expectation = kind(**check.arguments, meta=meta, severity=gx_severity)
    return expectation


def _columns_check(table: PublishedTable) -> Check:
    return plan_rule(
        table,
        "U-COLUMNS",
        f"{table.chinese}：应发布的列齐全",
        "every published column is there",
        "ExpectTableColumnsToMatchSet",
        {"column_set": [column.name for column in table.columns], "exact_match": False},
    )


def _view_check(table: PublishedTable) -> Check:
    """The columns of a view as DuckDB describes it: not one row is computed, but a view that does not bind is found."""
    check = plan_rule(
        table,
        "U-COLUMNS",
        f"{table.chinese}：应发布的列齐全",
        "every published column is there",
        "ExpectColumnDistinctValuesToContainSet",
        {"column": "column_name", "value_set": [column.name for column in table.columns]},
    )
    return replace(check, of_columns=True)


def _column_checks(table: PublishedTable, years: tuple[int, int]) -> Iterator[Check]:
    """What a column has to be by itself: present, filled where required, one of its closed list."""
    yield _columns_check(table)
    for column in table.columns:
        label = f"{table.chinese}：{column.chinese}（{column.name}）"
        if column.required or column.name in table.primary_key:
            yield plan_rule(
                table,
                "U-REQUIRED",
                f"{label}不得为空",
                f"{column.name} is never null",
                "ExpectColumnValuesToNotBeNull",
                {"column": column.name},
                column.name,
            )
        if column.accepted:
            yield plan_rule(
                table,
                "U-ACCEPTED",
                f"{label}只取规定的值",
                f"{column.name} is one of its closed list",
                "ExpectColumnValuesToBeInSet",
                {"column": column.name, "value_set": list(column.accepted)},
                column.name,
            )
        if column.name == "report_year" and table.schema_name == "marts":
            yield plan_rule(
                table,
                "U-YEAR",
                f"{label}在{years[0]}年至{years[1]}年之间",
                f"report_year is between {years[0]} and {years[1]}",
                "ExpectColumnValuesToBeBetween",
                {"column": column.name, "min_value": years[0], "max_value": years[1]},
                column.name,
            )


def _key_checks(table: PublishedTable, catalogue: Catalogue, form_tables: tuple[str, ...]) -> Iterator[Check]:
    if table.primary_key:
        shown = {name: name for name in naming_columns(table)}
        query = table_queries.repeated_keys(table.primary_key, shown)
        if table.holds_cells:
            codes = (table.form_table,) if table.form_table else form_tables
            query = table_queries.repeated_cells(table.primary_key, codes, catalogue, shown)
        elif table.name == "identity_ledger":
            query = ledger_queries.repeated_instances(ledger_queries.identity_lines(catalogue), shown)
        yield plan_count(
            table,
            "U-KEY",
            f"{table.chinese}：主键（{'、'.join(table.primary_key)}）不重复",
            "the primary key is unique",
            query,
        )


def _table_checks(
    table: PublishedTable, catalogue: Catalogue, forms: dict[str, str], limits: Limits
) -> Iterator[Check]:
    """The checks that belong to the kind of table this is."""
    yield from plan_agency_checks(table, catalogue)
    if table.form_table:
        yield from _fact_checks(table, table.form_table, catalogue, forms[table.form_table])
    elif table.name == "fct_narrative_counts":
        shown = {name: name for name in (*REPORT_COLUMNS, "fact_code", "value", "printed", "sentence")}
        query = table_queries.published_without_provenance(shown, narrative=True)
        yield _provenance(table, query)
    elif table.name == "dim_line_item":
        yield plan_count(
            table,
            "U-LINE-ITEMS",
            "目录中各格式的每个单元格都有说明",
            "every cell of every form of the catalogue is listed",
            table_queries.line_items_missing(catalogue, tuple(forms)),
        )
    elif table.name == "agency_year":
        yield plan_reference(table, "report_id", "marts.dim_report")
    elif table.name == "dim_report":
        yield plan_reference(table, "agency_id", "marts.dim_agency")
        yield plan_reference(table, "region_code", "marts.dim_region")
        yield plan_reference(table, "report_id", "marts.agency_year")
        yield plan_count(
            table,
            "U-HASH",
            "报告标识取自文件散列值",
            "report_id is the head of the hash of the bytes",
            table_queries.failing_rows(
                "report_id <> left(sha256, 16) OR length(sha256) <> 64",
                {name: name for name in (*REPORT_COLUMNS, "sha256", "source")},
            ),
        )
    elif table.name == "cells_as_filed":
        yield from _filed_checks(table, catalogue, forms)
    elif table.name == "identity_ledger":
        yield from _ledger_checks(table, catalogue, forms, limits)
    elif table.name == "plausibility_ledger":
        yield from _plausibility_checks(table, catalogue, forms, limits)
    elif table.name == "coverage":
        yield plan_count(
            table,
            "U-COVERAGE",
            "每份现行报告恰有一份收文，暂不发布标记与单元格一致",
            "each current report has exactly one receipt, in part exactly where cells are withheld",
            ledger_queries.coverage_unlike_reports(),
        )
        yield plan_count(
            table,
            "U-REASON",
            "未完整发布的收文都有原因",
            "a receipt that is not published whole says why",
            table_queries.failing_rows(
                "disposition <> 'published' AND reason IS NULL",
                {name: name for name in (*REPORT_COLUMNS, "receipt_id", "source", "disposition")},
            ),
        )


def _fact_checks(table: PublishedTable, form_table: str, catalogue: Catalogue, form_column: str) -> Iterator[Check]:
    """Provenance, completeness, and the must-hold identities of one fact table."""
    cell = {name: name for name in _CELL}
    editions = [edition.code for edition, _ in table_queries.editions_with(catalogue, form_table)]
    yield plan_rule(
        table,
        "U-EDITION",
        f"{table.chinese}：格式版本为目录所列",
        "form_version is an edition that has this table",
        "ExpectColumnValuesToBeInSet",
        {"column": "form_version", "value_set": editions},
    )
    yield _provenance(table, table_queries.published_without_provenance(cell, narrative=False))
    yield plan_count(
        table,
        "U-EMPTY",
        f"{table.chinese}：无数值的单元格注明原因（暂不发布或未填）",
        "a cell without a value is withheld or was not filled in",
        table_queries.empty_without_reason(cell),
    )
    yield plan_count(
        table,
        "U-FORM",
        f"{table.chinese}：每份报告恰有其格式版本的全部单元格",
        "each report has exactly the cells of its form",
        table_queries.cells_off_form(form_table, form_column, catalogue),
    )
    yield plan_count(
        table,
        "U-FILED",
        f"{table.chinese}：发布值与原样单元格一致",
        "what is published equals quality.cells_as_filed",
        table_queries.facts_unlike_filed(form_table),
    )
    yield from _identity_checks(table, form_table, catalogue)


def _identity_checks(table: PublishedTable, form_table: str, catalogue: Catalogue) -> Iterator[Check]:
    """One check per must-hold rule and edition, on the published values."""
    instances = sorted(
        (instance for instance in catalogue.instances if instance.table == form_table and must_hold(instance)),
        key=lambda instance: (instance.edition, instance.rule_id),
    )
    for edition, group in groupby(instances, key=lambda instance: instance.edition):
        for rule_id, query in identity_queries(catalogue.edition(edition), tuple(group)).items():
            identity = catalogue.identity(rule_id)
            yield plan_count(
                table,
                rule_id,
                identity.chinese,
                identity.english,
                query,
                edition=edition,
                identity_severity=identity.severity.value,
                line=rule_id,
            )


def must_hold(rule: IdentityInstance) -> bool:
    """Whether a published figure may never break the rule: official or by definition, and about figures."""
    return rule.severity.must_hold and rule.comparison is not Comparison.READING


def _filed_checks(table: PublishedTable, catalogue: Catalogue, forms: dict[str, str]) -> Iterator[Check]:
    yield plan_count(
        table,
        "U-FILED-WHOLE",
        "现行报告各表的单元格全部在原样单元格中",
        "every cell of every table of a current report is kept as filed",
        table_queries.filed_cells_missing(catalogue, forms),
    )
    yield plan_count(
        table,
        "U-FILED-VALUE",
        "发布值即其来源所示的值：原文、推算、更正，或不发布",
        "the published value is the one its source says: as printed, imputed, corrected, or none",
        table_queries.filed_values_changed({name: name for name in (*_FILED_CELL, *_FILED_VALUES)}),
    )


def _ledger_checks(
    table: PublishedTable, catalogue: Catalogue, forms: dict[str, str], limits: Limits
) -> Iterator[Check]:
    yield plan_count(
        table,
        "U-LEDGER",
        "每份现行报告的每条勾稽关系都在台账中",
        "the ledger has every instance of every identity for every current report",
        ledger_queries.ledger_gaps(ledger_queries.identity_lines(catalogue), forms),
    )
    for identity in catalogue.identities:
        if identity.comparison is not Comparison.READING:
            yield plan_count(
                table,
                identity.rule_id,
                f"机关填报：{identity.chinese}",
                f"as filed: {identity.english}",
                ledger_queries.broken_by_filers(),
                about=About.FILERS,
                line=identity.rule_id,
                identity_severity=identity.severity.value,
                ceiling=limits.ceiling(qualified_name(table), identity.rule_id, identity.severity.value),
            )
    yield from _regression_checks(table, limits)


def _plausibility_checks(
    table: PublishedTable, catalogue: Catalogue, forms: dict[str, str], limits: Limits
) -> Iterator[Check]:
    yield plan_count(
        table,
        "U-PLAUSIBILITY",
        "每份现行报告的每条合理性规则都在台账中",
        "the ledger has every rule about a current report alone",
        ledger_queries.ledger_gaps(ledger_queries.plausibility_lines(catalogue), {**forms, REPORT: "form_version"}),
    )
    for rule in catalogue.plausibility:
        yield plan_count(
            table,
            rule.rule_id,
            f"机关填报：{rule.chinese}",
            f"as filed: {rule.english}",
            ledger_queries.broken_by_filers(),
            about=About.FILERS,
            line=rule.rule_id,
            identity_severity=rule.severity.value,
            ceiling=limits.ceiling(qualified_name(table), rule.rule_id, rule.severity.value),
        )
    yield from _regression_checks(table, limits, "relation = 'this'")


def _regression_checks(table: PublishedTable, limits: Limits, where: str = "TRUE") -> Iterator[Check]:
    """Against the release before, where there is one. `where`: the outcomes that depend on the bytes of one report only."""
    files = limits.ledger_before(qualified_name(table))
    if files:
        yield plan_count(
            table,
            "F-REGRESSION",
            "上一发布版已有的文件，不成立的关系没有增多",
            "files that the last release had break no rule more often than they did in it",
            ledger_queries.breaks_risen(*files, limits.accepted, where),
        )


def _dictionary_check(tables: tuple[PublishedTable, ...]) -> Check:
    dictionary = next(table for table in tables if table.name == "dictionary")
    return plan_count(
        dictionary,
        "U-DICTIONARY",
        "每个已发布的列在数据字典中都有说明",
        "the dictionary explains every published column",
        ledger_queries.columns_undocumented([(table.schema_name, table.name) for table in tables]),
    )


def _receipts_check(receipts: int) -> Check:
    return Check(
        check_id="quality.coverage/U-RECEIPTS",
        rule_id="U-RECEIPTS",
        table="quality.coverage",
        about=About.US,
        severity=CheckSeverity.BLOCKING,
        chinese=f"收文处理结果合计等于登记的收文数（{receipts}）",
        english=f"the dispositions add up to the {receipts} receipts of the register",
        expectation=COUNTED_ROWS,
        arguments={"unexpected_rows_query": ledger_queries.receipts_unaccounted(receipts)},
    )


def _provenance(table: PublishedTable, query: str) -> Check:
    chinese = f"{table.chinese}：每个发布值都有出处（来源、报告、文件散列值、原文）"
    return plan_count(table, "U-PROVENANCE", chinese, "every published value says where it comes from", query)
