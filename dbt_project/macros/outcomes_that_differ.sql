{# Outcomes of rules that two queries with the same columns give differently, with the side that has them; (report_id, ...). Reports are
   compared by the number and the summed hashes of their outcomes, and only those that differ are compared outcome by outcome:
   there are fifty to a report. #}
{% macro outcomes_that_differ(ledger, parser) -%}
with ledger as not materialized ({{ ledger }}),

parser as not materialized ({{ parser }}),

unlike as (
    select report_id
    from (select report_id, count(*) as outcomes, sum(hash(each)) as hashes from ledger as each group by report_id) as here
    full outer join (
        select report_id, count(*) as outcomes, sum(hash(each)) as hashes from parser as each group by report_id
    ) as there using (report_id)
    where here.outcomes is distinct from there.outcomes or here.hashes is distinct from there.hashes
),

ledger_doubted as (select * from ledger semi join unlike using (report_id)),

parser_doubted as (select * from parser semi join unlike using (report_id))

select 'ledger' as side, * from (select * from ledger_doubted except all select * from parser_doubted)
union all
select 'parser' as side, * from (select * from parser_doubted except all select * from ledger_doubted)
{%- endmacro %}
