select
    list_name,
    row_number,
    path,
    asserted_year,
    asserted_agency,
    url,
    receipt_id
from {{ source('stage', 'listed_filings') }}
