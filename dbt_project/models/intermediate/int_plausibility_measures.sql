-- What is counted from reports for the rules that ask for it: cells that are not 0, cells that differ from a related
-- report, tables and sentences that are repeated. A rule that asks for nothing of a table costs nothing.
with wanted as (
    select distinct of_table_code as table_code, column_code as measure, term_relation as relation
    from {{ ref('int_plausibility_terms_joined') }}
    where is_measure
),

related as (
    select * from {{ ref('int_reports_related') }} where {{ in_partition() }}
),

forms as (
    select
        edition,
        table_code,
        form_variant,
        -- hashed twice: the hash of several values is combined so that equal figures in two columns cancel each other out
        bit_xor(hash(hash(row_code, column_code))) as fingerprint
    from {{ ref('int_form_cells') }}
    group by edition, table_code, form_variant
),

-- two tables repeat each other when they have the same cells and none that is not 0 differs
cells as (
    select
        cells.report_id,
        items.table_code,
        items.row_code,
        items.column_code,
        case when cells.value is null then cells.value_imputed else cells.value end as value
    from {{ ref('int_cells_not_zero') }} as cells
    inner join {{ ref('int_form_cells') }} as items on cells.cell = items.cell
    where items.table_code in (select table_code from wanted where measure in ('cells_not_zero', 'table_repeated'))
        and {{ in_partition_or_year_before('cells.report_partition') }}
),

filled as (
    select
        report_id,
        table_code,
        count(*) filter (value <> 0) as cells_not_zero,
        bit_xor(hash(hash(row_code, column_code, value))) as fingerprint
    from cells
    where (value = 0) is not true
    group by report_id, table_code
),

tables as materialized (
    select
        tables.report_id,
        tables.table_code,
        case when max(filled.cells_not_zero) is null then 0 else max(filled.cells_not_zero) end as cells_not_zero,
        max(filled.fingerprint) as fingerprint,
        bit_xor(forms.fingerprint) as form_fingerprint
    from {{ ref('int_report_tables') }} as tables
    inner join forms
        on tables.edition = forms.edition
        and tables.table_code = forms.table_code
        and (forms.form_variant is null or forms.form_variant = tables.form_variant)
    left join filled on tables.report_id = filled.report_id and tables.table_code = filled.table_code
    where tables.table_code in (select table_code from wanted where measure in ('cells_not_zero', 'table_repeated'))
        and {{ in_partition_or_year_before('tables.report_partition') }}
    group by tables.report_id, tables.table_code
),

compared as materialized (
    select related.report_id, related.related_report_id, wanted.table_code
    from related
    inner join wanted on wanted.measure = 'cells_differing' and related.relation = wanted.relation
),

cells_compared as materialized (
    {{ cells_of('(select report_id from compared union select related_report_id from compared)', '(select distinct table_code as of_table_code, row_code, column_code from ' ~ ref('int_form_cells') ~ ')') | indent(4) }}
),

differing as (
    select later.report_id, later.table_code, count(*) filter (later.value is distinct from other.value) as cells_differing
    from compared
    inner join cells_compared as later on compared.report_id = later.report_id and compared.table_code = later.table_code
    left join cells_compared as other
        on compared.related_report_id = other.report_id
        and later.table_code = other.table_code
        and later.row_code = other.row_code
        and later.column_code = other.column_code
    group by later.report_id, later.table_code
),

sentences as materialized (
    select report_id, sentences
    from {{ ref('stg_reports') }}
    where len(sentences) > 0 and 'report' in (select table_code from wanted) and {{ in_partition_or_year_before() }}
)

select report_id, table_code || '/*/cells_not_zero' as figure, cells_not_zero as value
from tables
where (table_code, 'cells_not_zero') in (select table_code, measure from wanted)
union all
select report_id, table_code || '/*/cells_differing' as figure, cells_differing as value from differing
union all
select later.report_id, later.table_code || '/*/table_repeated' as figure, (later.form_fingerprint = earlier.form_fingerprint and later.fingerprint is not distinct from earlier.fingerprint)::int as value
from related
inner join tables as later on related.report_id = later.report_id
inner join wanted
    on later.table_code = wanted.table_code
    and wanted.measure = 'table_repeated'
    and related.relation = wanted.relation
inner join tables as earlier on related.related_report_id = earlier.report_id and later.table_code = earlier.table_code
union all
select report_id, 'report/*/sentences' as figure, len(sentences) as value from sentences
union all
select related.report_id, 'report/*/sentences_repeated' as figure, len(list_intersect(later.sentences, earlier.sentences)) as value
from related
inner join wanted on wanted.measure = 'sentences_repeated' and related.relation = wanted.relation
inner join sentences as later on related.report_id = later.report_id
inner join sentences as earlier on related.related_report_id = earlier.report_id
where related.parts is null -- of reports that are added up no sentence is repeated
