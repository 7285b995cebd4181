select
    lineage.agency_id,
    successors.agency_name,
    lineage.predecessor_agency_id,
    predecessors.agency_name as predecessor_agency_name,
    lineage.year,
    lineage.kind,
    lineage.basis,
    lineage.rule_id,
    lineage.source
from {{ ref('int_agency_lineage') }} as lineage
inner join {{ ref('dim_agency') }} as successors on lineage.agency_id = successors.agency_id
inner join {{ ref('dim_agency') }} as predecessors on lineage.predecessor_agency_id = predecessors.agency_id
