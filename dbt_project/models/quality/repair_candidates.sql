-- The ways to mend each broken table, the likeliest first, none of them chosen: what the report itself says for them, weighed by
-- the parser, and what the year before says. A rule between the two years speaks for a way that makes it hold and against one
-- that breaks it; a figure that is last year's own may have been left standing. Figures that last year's report withholds say nothing.
with doubted_cells as (
    -- the cells of all reports are read once and only these few kept
    select cells.report_id, cells.table_code, cells.row_code, cells.column_code, cells.printed, cells.suspect, cells.value, cells.value_imputed
    from {{ ref('stg_cells') }} as cells
    semi join {{ ref('stg_candidates') }} as staged
        on cells.report_id = staged.report_id
        and cells.table_code = staged.table_code
        and cells.row_code = staged.row_code
        and cells.column_code = staged.column_code
),

changes as (
    select
        staged.*,
        cells.printed,
        cells.suspect,
        case when cells.value is null then cells.value_imputed else cells.value end as value
    from {{ ref('stg_candidates') }} as staged
    left join doubted_cells as cells
        on staged.report_id = cells.report_id
        and staged.table_code = cells.table_code
        and staged.row_code = cells.row_code
        and staged.column_code = cells.column_code
),

determined as (
    select * from changes where lowest = highest and value is not null and pattern is null
),

-- a rule with conditions can hold for more than one reason
plain as (
    select instance
    from {{ ref('int_plausibility_terms_joined') }}
    where relation = 'prior_year'
    group by instance
    having
        count(distinct claim) = 1
        and not bool_or(is_measure)
        and bool_and(comparison in ('equal', 'at_most', 'at_least'))
),

terms as (
    select terms.*
    from {{ ref('int_plausibility_terms_joined') }} as terms
    semi join plain on terms.instance = plain.instance
),

judged as (
    select
        ledger.report_id,
        ledger.rule_id,
        ledger.edition,
        ledger.table_code,
        ledger.scope,
        ledger.outcome,
        ledger.difference,
        case when ledger.merged_report_ids is null then [ledger.related_report_id] else ledger.merged_report_ids end as before
    from {{ ref('plausibility_ledger') }} as ledger
    semi join determined on ledger.report_id = determined.report_id
    where ledger.relation = 'prior_year' and ledger.outcome <> 'not_assessable'
),

shifted as (
    select
        determined.report_id,
        determined.explanation,
        determined.candidate,
        terms.instance,
        any_value(judged.rule_id) as rule_id,
        any_value(judged.outcome) as outcome,
        any_value(judged.before) as before,
        any_value(terms.comparison) as comparison,
        any_value(terms.tolerance) as tolerance,
        any_value(judged.difference)
        + sum(case when terms.side = 'left' then 1 else -1 end * terms.weight * (determined.lowest - determined.value)) as difference
    from determined
    inner join terms
        on terms.term_relation = 'this'
        and determined.table_code = terms.of_table_code
        and determined.row_code = terms.row_code
        and determined.column_code = terms.column_code
    inner join judged
        on determined.report_id = judged.report_id
        and terms.rule_id = judged.rule_id
        and terms.edition = judged.edition
        and terms.table_code = judged.table_code
        and terms.scope = judged.scope
    group by determined.report_id, determined.explanation, determined.candidate, terms.instance
),

doubted as (
    select distinct shifted.report_id, shifted.instance
    from (select distinct report_id, instance, unnest(before) as before_report_id from shifted) as shifted
    inner join terms on shifted.instance = terms.instance and terms.at_related
    inner join {{ ref('int_form_cells') }} as items
        on terms.of_table_code = items.table_code
        and terms.row_code = items.row_code
        and terms.column_code = items.column_code
    inner join {{ ref('int_cells_not_zero') }} as cells
        on shifted.before_report_id = cells.report_id and items.cell = cells.cell
    where cells.value_source = 'withheld'
),

compared as (
    select
        shifted.*,
        case comparison
            when 'equal' then abs(difference) <= tolerance
            when 'at_most' then difference <= tolerance
            when 'at_least' then difference >= -tolerance
        end as would_hold
    from shifted
    anti join doubted on shifted.report_id = doubted.report_id and shifted.instance = doubted.instance
),

between_years as (
    select
        report_id,
        explanation,
        candidate,
        list_sort(list_distinct(list(rule_id) filter (outcome = 'broken' and would_hold))) as prior_year_agrees,
        list_sort(list_distinct(list(rule_id) filter (outcome = 'holds' and not would_hold))) as prior_year_disagrees
    from compared
    group by report_id, explanation, candidate
),

-- one figure that stands in several cells of a way is one piece of evidence
left_standing as (
    select changes.report_id, changes.explanation, changes.candidate, count(distinct changes.value) as figures
    from changes
    inner join {{ ref('int_reports_related') }} as related
        on changes.report_id = related.report_id and related.relation = 'prior_year' and related.parts is null
    inner join {{ ref('int_form_cells') }} as items
        on changes.table_code = items.table_code
        and changes.row_code = items.row_code
        and changes.column_code = items.column_code
    inner join {{ ref('int_cells_not_zero') }} as cells
        on related.related_report_id = cells.report_id and items.cell = cells.cell
    where changes.pattern is null
        and changes.value <> 0
        and not changes.suspect
        and cells.value_source <> 'withheld'
        and changes.value = case when cells.value is null then cells.value_imputed else cells.value end
    group by changes.report_id, changes.explanation, changes.candidate
),

weights as (
    select
        max(weight) filter (code = 'prior_year_agrees') as agrees,
        max(weight) filter (code = 'prior_year_disagrees') as disagrees,
        max(weight) filter (code = 'same_as_prior_year') as same
    from {{ ref('catalogue_clues') }}
),

weighed as (
    select
        changes.*,
        case when between_years.prior_year_agrees is null then [] else between_years.prior_year_agrees end as prior_year_agrees,
        case when between_years.prior_year_disagrees is null then [] else between_years.prior_year_disagrees end as prior_year_disagrees,
        left_standing.figures is not null as same_as_prior_year,
        changes.weight
        + weights.agrees * case when between_years.prior_year_agrees is null then 0 else len(between_years.prior_year_agrees) end
        + weights.disagrees * case when between_years.prior_year_disagrees is null then 0 else len(between_years.prior_year_disagrees) end
        + weights.same * case when left_standing.figures is null then 0 else left_standing.figures end as weight_in_all
    from changes
    cross join weights
    left join between_years
        on changes.report_id = between_years.report_id
        and changes.explanation = between_years.explanation
        and changes.candidate = between_years.candidate
    left join left_standing
        on changes.report_id = left_standing.report_id
        and changes.explanation = left_standing.explanation
        and changes.candidate = left_standing.candidate
)

select
    report_id,
    explanation,
    dense_rank() over (partition by report_id, explanation order by weight_in_all desc, candidate)::integer as rank,
    table_code,
    row_code,
    column_code,
    printed,
    lowest,
    highest,
    pattern,
    cause,
    clues,
    prior_year_agrees,
    prior_year_disagrees,
    same_as_prior_year,
    weight_in_all::integer as weight
from weighed
