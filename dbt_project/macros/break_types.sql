{# Seconds of a limit in JSON that is one number of minutes, or one for each type of break; NULL where the type has none. #}
{% macro minutes_of_break_type(limit_minutes, break_type) -%}
    {{ minutes_to_seconds("case jsonb_typeof(" ~ limit_minutes ~ ") when 'object' then " ~ limit_minutes ~ " ->> " ~ break_type ~ " else " ~ limit_minutes ~ " #>> '{}' end") }}
{%- endmacro %}
