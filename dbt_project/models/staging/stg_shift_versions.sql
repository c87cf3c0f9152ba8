-- Every version of every scheduled shift, from both systems; `is_latest` marks the present one. The legacy system lets
-- through what cannot be: a shift that ends before it begins is not sound, of its breaks only those that can be read are
-- kept, and the exception `invalid_shift` tells of both.
with core_versions as (
    select
        shift_id,
        employee_id,
        starts_at,
        ends_at,
        breaks,
        site_id,
        deleted,
        xid,
        version_id = max(version_id) over (partition by shift_id) as is_latest
    from {{ source('core', 'shifts') }}
    where xid < (select watermark from {{ ref('stg_runs') }})
),

legacy_versions as (
    select
        row_data ->> 'schedule_id' as shift_id,
        row_data ->> 'employee_id' as employee_id,
        {{ fn('legacy_instant') }}(row_data ->> 'starts_at') as starts_at,
        {{ fn('legacy_instant') }}(row_data ->> 'ends_at') as ends_at,
        {{ fn('json_of_text') }}(row_data -> 'breaks') as recorded_breaks,
        {{ fn('sound_breaks') }}({{ fn('json_of_text') }}(row_data -> 'breaks')) as breaks,
        coalesce(row_data -> 'breaks', 'null') = 'null' as is_without_breaks,
        deleted,
        xid,
        is_latest
    from {{ ref('stg_hr_versions') }}
    where table_name = 'schedules'
)

select
    shift_id,
    employee_id,
    starts_at,
    ends_at,
    breaks,
    site_id,
    deleted,
    xid,
    is_latest,
    true as is_core,
    starts_at < ends_at as is_sound,
    false as has_lost_breaks
from core_versions
union all
select
    shift_id,
    employee_id,
    starts_at,
    ends_at,
    breaks,
    null as site_id,
    deleted,
    xid,
    is_latest,
    false as is_core,
    coalesce(starts_at < ends_at, false) as is_sound,
    not is_without_breaks and coalesce(breaks <> recorded_breaks, true) as has_lost_breaks
from legacy_versions
