-- The scheduled shifts of the working set as they stand: of each the latest version, none that was deleted. A table, since
-- the planner expects one row of what is the latest of its kind, and would join thousands as if they were one.
{{ config(post_hook=["analyze {{ this }}"]) }}

with versions as (
    select
        *,
        -- The User Core's shift wins over a legacy one of the same id.
        row_number() over (partition by shift_id order by is_core desc) as place
    from {{ ref('stg_shift_versions') }}
    where is_latest
)

select
    shift_id,
    employee_id,
    starts_at,
    ends_at,
    breaks,
    site_id,
    is_sound,
    has_lost_breaks
from versions
where
    place = 1 and not deleted
    {%- if not full_run() %}
    and exists (
        select from {{ ref('int_touched_ranges') }} as ranges
        where
            ranges.employee_id = versions.employee_id
            -- Neighbours a day away still shape windows and rests.
            and least(versions.starts_at, versions.ends_at) <= ranges.to_at + interval '2 days'
            and greatest(versions.starts_at, versions.ends_at) >= ranges.from_at - interval '2 days'
    )
    {%- endif %}
