-- A receipt without a staged report is a row lost between archive and stage.
select receipt_id, report_id, source from {{ ref('coverage') }} where reason = 'not_staged'
