select
    receipt_id,
    report_id,
    sha256,
    source,
    file_name,
    size_bytes,
    media_type,
    asserted_year,
    asserted_agency,
    -- a plain timestamp in UTC: one with a time zone is shown in the zone of whoever reads it
    make_timestamp(epoch_us(received_at)) as received_at,
    "partition" as report_partition
from {{ source('stage', 'filings') }}
