-- The dispositions add up to the files received, and no published report is without its receipt.
with counts as (
    select
        (select count(*) from {{ ref('stg_filings') }}) as received,
        (select count(*) from {{ ref('coverage') }} where disposition is not null) as disposed,
        (select count(*) from {{ ref('coverage') }} where disposition in ('published', 'withheld_in_part')) as published,
        (select count(*) from {{ ref('dim_report') }}) as current_reports
)

select * from counts where received <> disposed or published <> current_reports
