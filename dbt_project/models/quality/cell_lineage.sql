-- A view that reads published tables only: the release holds it as a view, too. Subqueries by cell, so that asking for one
-- cell costs one cell.
select
    reports.agency_id,
    cells.agency_name,
    cells.report_year,
    reports.reporting_scope,
    cells.report_id,
    reports.report_id is not null as is_current,
    cells.edition,
    cells.table_code,
    cells.row_code,
    cells.column_code,
    items.row_chinese,
    items.column_chinese,
    items.unit,
    items.clause,
    cells.value_published,
    cells.value_source,
    cells.printed,
    cells.state,
    cells.value,
    cells.note,
    cells.value_imputed,
    cells.value_suggested,
    receipts.source,
    receipts.sha256,
    cells.page,
    cells.box,
    cells.grid,
    cells.grid_row,
    cells.grid_column,
    cells.reader,
    receipts.reader_version,
    receipts.parser_version,
    cells.confidence,
    (
        select
            list(
                struct_pack(
                    rule_id := ledger.rule_id,
                    scope := ledger.scope,
                    chinese := rules.chinese,
                    outcome := ledger.outcome,
                    left_value := ledger.left_value,
                    right_value := ledger.right_value,
                    missing := ledger.missing
                )
                order by ledger.rule_id, ledger.scope
            )
        from {{ ref('identity_ledger') }} as ledger
        inner join {{ ref('dim_rule_term') }} as terms
            on ledger.rule_id = terms.rule_id
            and ledger.edition = terms.edition
            and ledger.table_code = terms.table_code
            and ledger.scope = terms.scope
        inner join {{ ref('dim_rule') }} as rules on ledger.rule_id = rules.rule_id
        where
            ledger.report_id = cells.report_id
            and terms.table_code = cells.table_code
            and terms.row_code = cells.row_code
            and terms.column_code = cells.column_code
    ) as identities,
    (
        select
            list(
                struct_pack(
                    action := decided.action,
                    state := decided.state,
                    expect := decided.expect,
                    decided_value := decided.decided_value,
                    who := decided.who,
                    why := decided.why,
                    decided_on := decided.decided_on,
                    evidence := decided.evidence
                )
                order by decided.decided_on
            )
        from {{ ref('corrections') }} as decided
        where
            decided.report_id = cells.report_id
            and decided.table_code = cells.table_code
            and decided.row_code = cells.row_code
            and decided.column_code = cells.column_code
    ) as decisions,
    (
        select
            list(
                struct_pack(code := found.code, severity := found.severity, message := found.message)
                order by found.ordinal
            )
        from {{ ref('findings') }} as found
        where
            found.report_id = cells.report_id
            and found.table_code = cells.table_code
            and (found.row_code = cells.row_code or found.column_code = cells.column_code)
            and (found.row_code is null or found.row_code = cells.row_code)
            and (found.column_code is null or found.column_code = cells.column_code)
    ) as findings
from {{ ref('cells_as_filed') }} as cells
left join {{ ref('dim_report') }} as reports on cells.report_id = reports.report_id
left join {{ ref('coverage') }} as receipts
    on cells.report_id = receipts.report_id and receipts.reason is distinct from 'same_bytes'
left join {{ ref('dim_line_item') }} as items
    on cells.edition = items.edition
    and cells.table_code = items.table_code
    and cells.row_code = items.row_code
    and cells.column_code = items.column_code
