{# Length in days of the periods of `overtime.period_tiers` (JSON; null where there are none). #}
{% macro period_days(period_tiers) -%}
    (7 * ({{ period_tiers }} ->> 'weeks')::integer)
{%- endmacro %}

{# First date of the period that a date lies in. #}
{% macro period_start(workday, period_tiers) -%}
    (
        ({{ period_tiers }} ->> 'anchor_date')::date
        + floor(({{ workday }} - ({{ period_tiers }} ->> 'anchor_date')::date)::numeric / {{ period_days(period_tiers) }})::integer
        * {{ period_days(period_tiers) }}
    )
{%- endmacro %}
