{# What differs between SQL engines: time zones, intervals, JSON. Models use these and no syntax of one engine's own. #}

{# Local wall-clock time (no zone) of an instant. #}
{% macro local_time(instant, zone) -%}
    (({{ instant }}) at time zone {{ zone }})
{%- endmacro %}

{# The instant at which the text of a UTC wall clock or date ("2026-10-01") stands. #}
{% macro utc_instant(text_value) -%}
    (({{ text_value }})::timestamp at time zone 'UTC')
{%- endmacro %}

{# Whole seconds from one instant to another. date_part() counts in floating point, which is exact for seconds and microseconds of
   these centuries and several times as fast as extract(), which counts in decimal numbers. #}
{% macro seconds_between(start, finish) -%}
    (date_part('epoch', {{ finish }}) - date_part('epoch', {{ start }}))::bigint
{%- endmacro %}

{# Seconds of an instant since 1970. #}
{% macro epoch(instant) -%}
    date_part('epoch', {{ instant }})::bigint
{%- endmacro %}

{# The second in which an instant lies; counted, while date_trunc() would go by the calendar of a zone. #}
{% macro whole_second(instant) -%}
    date_bin('1 second', {{ instant }}, 'epoch')
{%- endmacro %}

{# An instant moved by whole seconds. #}
{% macro plus_seconds(instant, seconds) -%}
    ({{ instant }} + {{ seconds }} * interval '1 second')
{%- endmacro %}

{# Minutes in JSON text, a fraction allowed, as whole seconds. #}
{% macro minutes_to_seconds(text_value) -%}
    round(({{ text_value }})::numeric * 60)::bigint
{%- endmacro %}

{# A clock time in JSON text ("22:00", "24:00") as seconds after midnight. #}
{% macro clock_to_seconds(text_value) -%}
    (split_part({{ text_value }}, ':', 1)::int * 3600 + split_part({{ text_value }}, ':', 2)::int * 60)
{%- endmacro %}

{# ISO number (monday = 1) of a weekday's name. #}
{% macro weekday_number(text_value) -%}
    array_position(array['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'], {{ text_value }})
{%- endmacro %}

{# First date of the workweek of a date, for weeks that start on an ISO weekday. #}
{% macro week_start(workday, starts_on) -%}
    ({{ workday }} - ((date_part('isodow', {{ workday }})::int - {{ starts_on }} + 7) % 7))
{%- endmacro %}

{# Whether JSON text says yes; what is neither yes nor no, as a legacy system may have it, does not. #}
{% macro is_true(text_value) -%}
    coalesce(lower({{ text_value }}) in ('true', 't', 'yes', 'y', 'on', '1'), false)
{%- endmacro %}

{# An instant if it is later than another, else null. #}
{% macro if_later(instant, than) -%}
    case when {{ instant }} > {{ than }} then {{ instant }} end
{%- endmacro %}
