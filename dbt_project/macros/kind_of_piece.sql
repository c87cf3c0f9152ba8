{# How a segment of presence counts: as work, as a paid or as an unpaid break. #}
{% macro kind_of_piece(segment) -%}
    case {{ segment }}.treated_as when 'paid' then 'paid_break' when 'unpaid' then 'unpaid_break' else 'work' end
{%- endmacro %}
