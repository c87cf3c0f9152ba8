-- The scheduled shifts of the working set as they stand: of each the latest version, none that was deleted. A table, since
-- the planner expects one row of what is the latest of its kind, and would join thousands as if they were one.
{{ config(post_hook=["analyze {{ this }}"]) }}

-- Each side joins the stretches by itself: those of the User Core are then found by their index.
with core as (
    select
        versions.shift_id,
        versions.employee_id,
        versions.starts_at,
        versions.ends_at,
        versions.breaks,
        versions.site_id,
        versions.starts_at < versions.ends_at as is_sound,
        false as has_lost_breaks
    from {{ ref('stg_core_shift_versions') }} as versions
    {{ in_touched_ranges('starts_at', 'ends_at') }}
    where versions.is_latest and not versions.deleted
),

legacy as (
    select
        versions.shift_id,
        versions.employee_id,
        versions.starts_at,
        versions.ends_at,
        versions.breaks,
        versions.site_id,
        versions.is_sound,
        versions.has_lost_breaks
    from {{ ref('stg_shift_versions') }} as versions
    {{ in_touched_ranges('from_at', 'to_at') }}
    where
        not versions.is_core
        and versions.is_latest
        and not versions.deleted
        -- The User Core's shift wins over a legacy one of the same id.
        and not exists (select from {{ ref('stg_core_shift_versions') }} as other where other.shift_id = versions.shift_id)
)

select{% if not full_run() %} distinct on (shift_id){% endif %} *
from (
    select * from core
    union all
    select * from legacy
) as shifts
