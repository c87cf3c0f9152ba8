-- One row for each rule and cell that the policy expects: the union of the models of the rules.
{{ config(
    indexes=[{'columns': ['employee_id', 'workweek']}],
    touched_by='int_touched_findings', cell_condition='(touched.parameter is null or touched.parameter = old.parameter)',
    post_hook=["{% if flags.FULL_REFRESH %}create index on {{ this }} (employee_id, changes_at) where changes_at is not null{% endif %}"]
) }}

{% set rules = [
    'meal_periods', 'rest_periods', 'break_total', 'longest_work', 'daily_rest', 'weekly_rest', 'day_of_rest', 'daily_max',
    'weekly_max', 'average_week', 'average_day', 'night_work'
] %}

with findings as (
    {%- for rule in rules %}
    select
        employee_id, workweek, rule, date, status, reason, required_seconds / 60.0 as required_minutes,
        actual_seconds / 60.0 as actual_minutes, set_key, parameter, worked_shift_id, changes_at
    from {{ ref('int_finding_' ~ rule) }}
    union all
    {%- endfor %}
    -- The one rule that compares days.
    select
        employee_id, workweek, rule, date, status, reason, required_days, actual_days, set_key, parameter, worked_shift_id, changes_at
    from {{ ref('int_finding_consecutive_days') }}
)

select
    findings.employee_id,
    findings.workweek,
    findings.rule,
    findings.date,
    findings.status,
    findings.reason,
    findings.required_minutes,
    findings.actual_minutes,
    decided.policy,
    findings.parameter,
    decided.reference,
    findings.worked_shift_id,
    findings.changes_at
from findings
inner join {{ ref('int_parameter_values') }} as decided
    on findings.set_key = decided.set_key and findings.parameter = decided.parameter
where {{ is_touched_finding('findings', 'findings.parameter') }}
