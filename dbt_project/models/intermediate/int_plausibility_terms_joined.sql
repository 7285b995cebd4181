-- The figures of every comparison of every instance that warns. `figure` is the key a figure is looked up with, and
-- `figure_number` the same as a number, as `term` is the term, because millions are looked up; `at_related` says that it is looked up in the
-- related report. What is counted between two reports belongs to the later. A cell that is read and not among the figures
-- is 0; any other figure that is not there is unknown.
with terms as (
    select
        dense_rank() over (
            order by instances.rule_id, instances.edition, instances.table_code, instances.scope
        )::smallint as instance,
        instances.*,
        claims.claim,
        claims.is_condition,
        claims.comparison,
        claims.constant,
        claims.factor,
        claims.label,
        terms.side,
        terms.weight,
        terms.of_table_code = 'narrative' as is_mention,
        terms.row_code = '*' as is_measure,
        terms.of_table_code not in ('narrative', 'report') and terms.row_code <> '*' and terms.relation <> 'agencies_below' as is_cell,
        terms.of_table_code,
        terms.row_code,
        terms.column_code,
        terms.relation as term_relation,
        terms.relation in ('prior_year', 'current_version') and terms.row_code <> '*' as at_related,
        case when terms.relation = 'agencies_below' then 'below:' else '' end
        || terms.of_table_code || '/' || terms.row_code || '/' || terms.column_code as figure
    from {{ ref('catalogue_plausibility') }} as instances
    inner join {{ ref('catalogue_plausibility_claims') }} as claims
        on instances.rule_id = claims.rule_id
        and instances.edition = claims.edition
        and instances.table_code = claims.table_code
        and instances.scope = claims.scope
    inner join {{ ref('catalogue_plausibility_terms') }} as terms
        on claims.rule_id = terms.rule_id
        and claims.edition = terms.edition
        and claims.table_code = terms.table_code
        and claims.scope = terms.scope
        and claims.claim = terms.claim
)

select
    *,
    dense_rank() over (order by figure)::smallint as figure_number,
    row_number() over (order by instance, claim, side, figure, term_relation)::smallint as term
from terms
