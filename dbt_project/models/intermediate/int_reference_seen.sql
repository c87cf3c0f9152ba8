-- The reference state that the marts were computed with. Written last: a run that fails before leaves it as it was, and
-- the next run finds the same differences again.
{{ config(materialized='incremental', incremental_strategy='cells', touched_by='all', unlogged=false, post_hook=[]) }}
{% for mart in [
    'fct_punches', 'fct_segments', 'fct_sessions', 'fct_worked_shifts', 'fct_workdays', 'fct_shift_outcomes', 'fct_findings',
    'fct_exceptions', 'fct_pay_lines', 'fct_pay_lineage'
] %}
-- depends_on: {{ ref(mart) }}
{%- endfor %}

select thing, thing_key, from_at, to_at, fingerprint
from {{ ref('int_reference_state') }}
