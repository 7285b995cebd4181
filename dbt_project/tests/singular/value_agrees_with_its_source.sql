-- What value_source says is what happened to the figure: a printed value is the printed one, a withheld one is null.
select report_id, table_code, row_code, column_code, value, value_imputed, value_published, value_source
from {{ ref('cells_as_filed') }}
where (value_source = 'printed' and (value_published is null or value_published is distinct from value))
    or (value_source = 'imputed' and (value is not null or value_published is null or value_published <> value_imputed))
    or (value_source = 'corrected' and value_published is null)
    or (value_source in ('withheld', 'null') and value_published is not null)
    or (value_source = 'withheld' and value is null)
    or (value_source = 'null' and value is not null)
