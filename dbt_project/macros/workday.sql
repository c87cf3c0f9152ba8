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
