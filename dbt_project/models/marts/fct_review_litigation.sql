{{ config(materialized='view') }}

select * exclude (table_code)
from {{ ref('int_cells_current') }}
where table_code = 'T4'
