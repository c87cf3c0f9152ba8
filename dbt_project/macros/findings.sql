{# Orders the statuses of findings from the worst: of several worked shifts of a day the worst is the day's. #}
{% macro worst_first(status) -%}
    array_position(array['violated', 'pending', 'waived', 'satisfied', 'not_applicable'], {{ status }})
{%- endmacro %}

{# Condition that keeps findings of touched cells only; `parameter` is that of the rule, in quotes or a column. #}
{% macro is_touched_finding(row, parameter) -%}
    {%- if full_run() -%}
        true
    {%- else -%}
        exists (
            select from {{ ref('int_touched_findings') }} as touched
            where
                touched.employee_id = {{ row }}.employee_id
                and touched.workweek = {{ row }}.workweek
                and (touched.parameter is null or touched.parameter = {{ parameter }})
        )
    {%- endif -%}
{%- endmacro %}

{# The instant at which a workday of an employee begins, by the policy and zone of that day. #}
{% macro workday_begin(employee_id, workday) -%}
    (
        select {{ fn('workday_start') }}({{ workday }}, day_sets.day_starts_seconds, coalesce(day_employees.time_zone, 'UTC'))
        from {{ ref('int_employees') }} as day_employees
        inner join {{ ref('int_parameter_sets') }} as day_sets on day_employees.set_key = day_sets.set_key
        where
            day_employees.employee_id = {{ employee_id }}
            and {{ workday }} >= day_employees.valid_from
            and {{ workday }} < day_employees.valid_to
    )
{%- endmacro %}
