-- One row for each rule and cell that the policy expects: the union of the models of the rules.
{{ config(indexes=[{'columns': ['employee_id', 'workweek']}]) }}

{% set rules = ['meal_periods', 'rest_periods', 'day_of_rest'] %}

with findings as (
    {%- for rule in rules %}
    select employee_id, workweek, rule, date, status, reason, required_seconds, actual_seconds, set_key, parameter, worked_shift_id
    from {{ ref('int_finding_' ~ rule) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    findings.employee_id,
    findings.workweek,
    findings.rule,
    findings.date,
    findings.status,
    findings.reason,
    findings.required_seconds / 60.0 as required_minutes,
    findings.actual_seconds / 60.0 as actual_minutes,
    decided.policy,
    findings.parameter,
    decided.reference,
    findings.worked_shift_id
from findings
inner join {{ ref('int_parameter_values') }} as decided
    on findings.set_key = decided.set_key and findings.parameter = decided.parameter
where {{ is_touched('findings') }}
