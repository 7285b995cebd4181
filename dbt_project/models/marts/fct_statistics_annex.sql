{{ config(materialized='partitioned', staged=['reports', 'cells'], relations=['int_reports_published']) }}
-- depends_on: {{ ref('int_staged_files') }}

{{ facts('S14') }}
