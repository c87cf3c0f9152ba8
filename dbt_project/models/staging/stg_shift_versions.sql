-- Every version of every scheduled shift, from both systems; `is_latest` marks the present one.
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
)

select shift_id, employee_id, starts_at, ends_at, breaks, site_id, deleted, xid, is_latest, true as is_core
from core_versions
union all
select
    row_data ->> 'schedule_id' as shift_id,
    row_data ->> 'employee_id' as employee_id,
    {{ utc_instant("row_data ->> 'starts_at'") }} as starts_at,
    {{ utc_instant("row_data ->> 'ends_at'") }} as ends_at,
    {{ fn('json_of_text') }}(row_data -> 'breaks') as breaks,
    null as site_id,
    deleted,
    xid,
    is_latest,
    false as is_core
from {{ ref('stg_hr_versions') }}
where table_name = 'schedules'
