-- Every version of every scheduled shift of the User Core; `is_latest` marks the present one. Asked of each version alone, so
-- that who reads the shifts of a few people reads no others.
select
    shifts.shift_id,
    shifts.employee_id,
    shifts.starts_at,
    shifts.ends_at,
    shifts.breaks,
    shifts.site_id,
    shifts.deleted,
    shifts.xid,
    not exists (
        select from {{ source('core', 'shifts') }} as later
        where
            later.shift_id = shifts.shift_id
            and later.version_id > shifts.version_id
            and later.xid < (select watermark from {{ ref('stg_runs') }})
    ) as is_latest
from {{ source('core', 'shifts') }} as shifts
where shifts.xid < (select watermark from {{ ref('stg_runs') }})
