-- Every version of every scheduled shift, from both systems; `is_latest` marks the present one. The legacy system lets
-- through what cannot be: a shift that ends before it begins is not sound, of its breaks only those that can be read are
-- kept, and the exception `invalid_shift` tells of both.
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
    -- The database holds that a shift of the User Core ends after it begins.
    starts_at as from_at,
    ends_at as to_at,
    starts_at < ends_at as is_sound,
    false as has_lost_breaks
from {{ ref('stg_core_shift_versions') }}
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
    least(starts_at, ends_at) as from_at,
    greatest(starts_at, ends_at) as to_at,
    coalesce(starts_at < ends_at, false) as is_sound,
    not is_without_breaks and coalesce(breaks <> recorded_breaks, true) as has_lost_breaks
from (
    select
        -- A version that deletes a row says only which row it was.
        coalesce(row_data ->> 'schedule_id', row_key::jsonb ->> 0) as shift_id,
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
) as legacy_versions
