{{ config(tags=["nightly"]) }}
-- What makes a row of a mart unique to its readers; two runs at once, or a cell replaced by half, would show here.
{% set keys = {
    'dim_employees': 'employee_id',
    'dim_sites': 'site_id',
    'dim_policies': 'policy, parameter, valid_from',
    'fct_punches': 'event_id',
    'fct_segments': 'segment_id',
    'fct_sessions': 'session_id',
    'fct_worked_shifts': 'worked_shift_id',
    'fct_workdays': 'employee_id, workday',
    'fct_shift_outcomes': 'employee_id, shift_id, worked_shift_id',
    'fct_findings': 'employee_id, rule, date, worked_shift_id',
    'fct_exceptions': 'exception_id',
    'fct_pay_lines': 'pay_line_id',
} %}

{%- for mart, key in keys.items() %}
select '{{ mart }}' as mart, concat_ws('|', {{ key }}) as row_key, count(*) as copies
from {{ ref(mart) }}
group by {{ key }}
having count(*) > 1
{{ 'union all' if not loop.last }}
{%- endfor %}
