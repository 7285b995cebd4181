-- Both sides of the identity instances in which some cell is not simply 0, summed over the figures as printed, and which way
-- the unknown terms could still move the difference. A cell that may not be negative can move it one way only. A rule about
-- single values looks at a cell only where it may offend.
select
    cells.report_partition,
    cells.report_id,
    terms.instance,
    count(*) filter (cells.value is null) as terms_missing,
    count(*) filter (terms.side = 'left' and cells.value is null) as left_missing,
    count(*) filter (terms.side = 'right' and cells.value is null) as right_missing,
    sum(terms.sign * cells.value) filter (terms.side = 'left') as left_known,
    sum(terms.sign * cells.value) filter (terms.side = 'right') as right_known,
    sum(terms.weight * cells.value) as difference_known,
    count(*) filter (cells.value is null and (terms.weight > 0 or not terms.is_not_negative)) > 0 as can_rise,
    count(*) filter (cells.value is null and (terms.weight < 0 or not terms.is_not_negative)) > 0 as can_fall,
    count(*) filter (
        case terms.comparison
            when 'each_not_negative' then cells.value < 0 and terms.kind <> 'signed_count'
            when 'each_integer' then cells.value <> trunc(cells.value) and terms.kind <> 'amount'
            when 'each_within_maximum' then abs(cells.value) > terms.maximum
        end
    ) as offending_terms,
    -- sorted after it is made: an aggregate that sorts keeps a buffer for every instance
    list_transform(
        list_sort(list(struct_pack(cell := terms.cell, name := terms.row_code || '/' || terms.column_code)) filter (cells.value is null)),
        lambda term: term.name
    ) as missing
from {{ ref('int_cells_not_zero') }} as cells
inner join {{ ref('int_identity_terms_joined') }} as terms
    on cells.cell = terms.cell
    and (
        terms.is_sum
        or cells.value is null
        or cells.value < 0
        or cells.value <> trunc(cells.value)
        or abs(cells.value) > terms.maximum
    )
where {{ in_partition('cells.report_partition') }}
group by cells.report_partition, cells.report_id, terms.instance
