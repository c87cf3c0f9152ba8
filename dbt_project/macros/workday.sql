{#
    The workday to which a span of time belongs. `most_time` compares the presence (a multirange) in each workday that it
    touches, a tie goes to the earlier; a span that ends exactly on a boundary belongs, under `shift_end`, to the earlier day.
#}
{% macro attributed_workday(attribution, starts_at, ends_at, presence, day_starts_seconds, zone) -%}
    case {{ attribution }}
        when 'shift_end' then {{ fn('workday_of') }}(
            greatest({{ starts_at }}, {{ ends_at }} - interval '1 second'), {{ day_starts_seconds }}, {{ zone }}
        )
        when 'most_time' then {{ fn('workday_of_most') }}({{ starts_at }}, {{ presence }}, {{ day_starts_seconds }}, {{ zone }})
        else {{ fn('workday_of') }}({{ starts_at }}, {{ day_starts_seconds }}, {{ zone }})
    end
{%- endmacro %}

{# Seconds in a multirange of instants. #}
{% macro range_seconds(ranges) -%}
    (
        select coalesce(sum({{ seconds_between('lower(piece)', 'upper(piece)') }}), 0)::bigint
        from unnest({{ ranges }}) as piece
    )
{%- endmacro %}

{#
    Which workdays a span of time lies in, as columns `first_day` and `last_day`: one where the policy does not split worked
    shifts at the boundary of days, and where the span has no end. `span` names the relation, which has a workday and a zone.
#}
{% macro days_of_span(span, sets, from_at='from_at', to_at='to_at') -%}
    case
        when {{ sets }}.attribution = 'split_at_boundary' and {{ span }}.{{ to_at }} is not null
            then {{ fn('workday_of') }}({{ span }}.{{ from_at }}, {{ sets }}.day_starts_seconds, {{ span }}.time_zone)
        else {{ span }}.workday
    end as first_day,
    case
        when {{ sets }}.attribution = 'split_at_boundary' and {{ span }}.{{ to_at }} is not null
            then {{ fn('workday_of') }}(
                greatest({{ span }}.{{ from_at }}, {{ span }}.{{ to_at }} - interval '1 second'),
                {{ sets }}.day_starts_seconds, {{ span }}.time_zone
            )
        else {{ span }}.workday
    end as last_day
{%- endmacro %}

{# A row of `days_of_span` once for each of its days, in a select list: most spans have one. #}
{% macro each_day(span) -%}
    {{ span }}.first_day + generate_series(0, {{ span }}.last_day - {{ span }}.first_day)
{%- endmacro %}

{# Begin and end of the part of a span that lies in one of its days; a boundary is looked up only where it cuts. #}
{% macro begin_on_day(span, day, from_at='from_at') -%}
    case
        when {{ span }}.{{ day }} = {{ span }}.first_day then {{ span }}.{{ from_at }}
        else {{ fn('workday_start') }}({{ span }}.{{ day }}, {{ span }}.day_starts_seconds, {{ span }}.time_zone)
    end
{%- endmacro %}
{% macro end_on_day(span, day, to_at='to_at') -%}
    case
        when {{ span }}.{{ day }} = {{ span }}.last_day then {{ span }}.{{ to_at }}
        else {{ fn('workday_start') }}({{ span }}.{{ day }} + 1, {{ span }}.day_starts_seconds, {{ span }}.time_zone)
    end
{%- endmacro %}
