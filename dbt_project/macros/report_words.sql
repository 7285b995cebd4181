{# What a report says of itself that nothing is decided by: read from staging where it is shown, and not carried along. #}
{% macro report_words() -%}
{{ return([
    'title', 'period_start', 'period_end', 'publication_year_hint', 'document_number', 'index_number', 'signatory',
    'contact_office', 'contact_phone', 'contact_fax', 'contact_email', 'contact_address', 'contact_postcode',
    'reader', 'reader_version', 'parser_version', 'catalogue_version'
]) }}
{%- endmacro %}
