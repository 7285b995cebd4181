-- A report in the tables is its agency's filing; else a file that could not be read, or is no report, stands for it.
with reports as (
    select current.agency_id, current.report_year, current.reporting_scope, current.report_id,
        current.agency_level, current.function_category, current.region_code,
        scores.cells_withheld
    from {{ ref('int_reports_current') }} as current
    inner join {{ ref('int_report_scores') }} as scores on current.report_id = scores.report_id
),

contents as (
    select agency_id, report_year, reporting_scope, count(distinct content_id) as versions
    from {{ ref('int_reports_versioned') }}
    group by agency_id, report_year, reporting_scope
),

places as (
    select agency_id, report_year, reporting_scope from reports
    union
    select agency_id, report_year, reporting_scope from {{ ref('int_filings_expected') }}
    union
    select agency_id, report_year, reporting_scope from {{ ref('int_filings_unplaced') }}
),

-- a region that had another code in that year is given with the code of the year
regions as (
    select regions.region_id, years.report_year, regions.code
    from {{ ref('catalogue_regions') }} as regions
    inner join (select distinct report_year from places) as years
        on regions.valid_from <= years.report_year and (regions.valid_to is null or regions.valid_to >= years.report_year)
),

joined as (
    select
        places.agency_id,
        agencies.agency_name,
        case when reports.report_id is null then agencies.agency_level else reports.agency_level end as agency_level,
        case
            when reports.report_id is null then agencies.function_category else reports.function_category
        end as function_category,
        case
            when reports.report_id is not null then reports.region_code
            when regions.code is not null then regions.code
            else agencies.region_code
        end as region_code,
        places.report_year,
        places.reporting_scope,
        expected.expected_by,
        reports.report_id,
        case when contents.versions is null then 0 else contents.versions end as versions,
        case
            when reports.cells_withheld > 0 then 'withheld_in_part'
            when reports.report_id is not null then 'published'
            when unplaced.disposition = 'quarantined' then 'unreadable'
            else 'not_filed'
        end as status,
        case when reports.report_id is null then unplaced.reason end as reason,
        deadlines.first_published_on,
        deadlines.deadline
    from places
    inner join {{ ref('int_agencies') }} as agencies on places.agency_id = agencies.agency_id
    left join reports
        on places.agency_id = reports.agency_id
        and places.report_year = reports.report_year
        and places.reporting_scope = reports.reporting_scope
    left join contents
        on places.agency_id = contents.agency_id
        and places.report_year = contents.report_year
        and places.reporting_scope = contents.reporting_scope
    left join {{ ref('int_filings_expected') }} as expected
        on places.agency_id = expected.agency_id
        and places.report_year = expected.report_year
        and places.reporting_scope = expected.reporting_scope
    left join {{ ref('int_filings_unplaced') }} as unplaced
        on places.agency_id = unplaced.agency_id
        and places.report_year = unplaced.report_year
        and places.reporting_scope = unplaced.reporting_scope
    left join {{ ref('int_deadlines') }} as deadlines
        on places.agency_id = deadlines.agency_id
        and places.report_year = deadlines.report_year
        and places.reporting_scope = deadlines.reporting_scope
    left join regions on agencies.region_id = regions.region_id and places.report_year = regions.report_year
)

select
    agency_id,
    agency_name,
    agency_level,
    function_category,
    region_code,
    report_year,
    reporting_scope,
    expected_by is not null as is_expected,
    expected_by,
    status,
    reason,
    report_id,
    versions,
    first_published_on,
    deadline,
    datediff('day', first_published_on, deadline) as days_to_deadline,
    case
        when report_id is null then null
        when deadline is null then 'no_deadline'
        when first_published_on is null then 'undated'
        when first_published_on <= deadline then 'on_time'
        else 'late'
    end as timeliness
from joined
