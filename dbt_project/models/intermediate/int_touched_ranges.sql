-- From when to when punches are read: the weeks to be computed with two days around them (zones and workdays that start late),
-- widened to whole worked shifts.
{{ config(post_hook=["create index on {{ this }} (employee_id)", "analyze {{ this }}"]) }}
{% if full_run() %}
select null::text as employee_id, null::timestamptz as from_at, null::timestamptz as to_at where false
{% else %}
with merged as (
    select employee_id, unnest(range_agg(daterange(workweek - 2, workweek + 9))) as days
    from {{ ref('int_read_weeks') }}
    group by employee_id
),

reached as (
    select
        employee_id,
        unnest(range_agg(tstzrange(
            {{ fn('chunk_start') }}(employee_id, {{ utc_instant('lower(days)::text') }}),
            {{ fn('chunk_end') }}(employee_id, {{ utc_instant('upper(days)::text') }})
        ))) as instants
    from merged
    group by employee_id
)

select employee_id, lower(instants) as from_at, upper(instants) as to_at
from reached
{% endif %}
