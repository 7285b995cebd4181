-- The agencies of the operator's lists, one row each; a credit code that two of them claim belongs to neither.
select
    * exclude (credit_code),
    case when credit_code is null or count(*) over (partition by credit_code) = 1 then credit_code end as credit_code
from {{ ref('stg_listed_names') }}
where role = 'name'
