{#
    The first punch after an open worked shift that cannot be of it any more, where there is one within so many days: a bound
    keeps who punched all year after it from being read to the end.
#}
{% macro next_punch_after(shift, within_days=none) -%}
    (
        select min(punches.at)
        from {{ ref('int_known_punches') }} as punches
        where
            punches.employee_id = {{ shift }}.employee_id
            and punches.occurred_at >= {{ plus_seconds(shift ~ '.last_at', '1') }}
            {%- if within_days is not none %}
            and punches.occurred_at < {{ shift }}.last_at + interval '{{ within_days }} days'
            {%- endif %}
            and punches.voids is null
            and {{ is_in_force('punches.event_id') }}
            and {{ epoch('punches.at') }} - {{ epoch(shift ~ '.first_at') }} > {{ shift }}.max_shift_seconds
    )
{%- endmacro %}
