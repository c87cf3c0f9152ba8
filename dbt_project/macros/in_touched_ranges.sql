{# Joins `versions` of shifts to the stretches that a run reads, where it does not read everything. #}
{% macro in_touched_ranges(starts, ends) -%}
    {%- if not full_run() %}
    inner join {{ ref('int_touched_ranges') }} as ranges
        on
            versions.employee_id = ranges.employee_id
            -- Neighbours a day away still shape windows and rests.
            and versions.{{ starts }} <= ranges.to_at + interval '2 days'
            and versions.{{ ends }} >= ranges.from_at - interval '2 days'
    {%- endif %}
{%- endmacro %}
