-- The value of every indicator with both its parts. No division by 0 and no rate from an unknown part.
with denominators_due as (
    select distinct indicator_code from {{ ref('catalogue_indicator_terms') }} where part = 'denominator'
),

parts as (
    select
        report_id,
        indicator_code,
        max(value) filter (part = 'numerator') as numerator,
        max(value) filter (part = 'denominator') as denominator
    from {{ ref('int_indicator_parts') }}
    group by report_id, indicator_code
)

select
    parts.report_id,
    parts.indicator_code,
    denominators_due.indicator_code is not null as is_rate,
    parts.numerator,
    parts.denominator,
    case when denominators_due.indicator_code is null then parts.numerator end as total,
    case
        when denominators_due.indicator_code is not null
            then parts.numerator::double * indicators.factor::double / nullif(parts.denominator, 0)::double
                + indicators.shift::double
    end as rate,
    parts.denominator > 0 and parts.denominator < indicators.small_number_floor as is_small_number
from parts
inner join {{ ref('catalogue_indicators') }} as indicators on parts.indicator_code = indicators.code
left join denominators_due on parts.indicator_code = denominators_due.indicator_code
