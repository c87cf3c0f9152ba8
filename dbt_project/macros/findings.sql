{# Orders the statuses of findings from the worst: of several worked shifts of a day the worst is the day's. #}
{% macro worst_first(status) -%}
    array_position(array['violated', 'pending', 'waived', 'satisfied', 'not_applicable'], {{ status }})
{%- endmacro %}
