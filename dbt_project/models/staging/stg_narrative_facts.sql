select
    report_id,
    ordinal,
    fact_code,
    printed,
    value,
    unit,
    strict,
    approximate,
    stated_as_none,
    derived_from,
    section,
    sentence,
    confidence,
    parse_filename(filename, true) as report_partition
from {{ source('stage', 'narrative_facts') }}
