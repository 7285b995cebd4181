-- The places in the prose that state a fact. One that is approximate, or whose number is lost, states no figure.
-- A percentage may have been cut off instead of rounded, so that it may lie twice as far from the truth.
select
    facts.report_id,
    facts.ordinal,
    facts.fact_code,
    case when facts.stated_as_none then 'none' else 'count' end as stated,
    case when not facts.approximate then facts.value end as value,
    case kinds.rounding
        when 'percent' then {{ rounding_slack('facts.printed', 'facts.value') }} * 2
        when 'amount' then {{ rounding_slack('facts.printed', 'facts.value') }}
        else 0
    end::decimal(18, 10) as slack
from {{ ref('stg_narrative_facts') }} as facts
left join {{ ref('catalogue_narrative_facts') }} as kinds on facts.fact_code = kinds.code
where {{ in_partition('facts.report_partition') }}
