-- Which employee a user number of a device is, by instants, from both systems. `place` orders rows that hold at once:
-- the device's own row before one for every device, the latest first, on a tie the User Core's.
with versions as (
    select distinct on (device_id, device_user, valid_from) device_id, device_user, employee_id, valid_from, valid_to, deleted
    from {{ source('core', 'badges') }}
    where xid < (select watermark from {{ ref('stg_runs') }})
    order by device_id, device_user, valid_from, version_id desc
),

badges as (
    select device_id, device_user, employee_id, valid_from, valid_to, true as is_core
    from versions
    where not deleted
    union all
    select
        row_data ->> 'device_id',
        row_data ->> 'device_user',
        row_data ->> 'employee_id',
        coalesce({{ fn('legacy_instant') }}(row_data ->> 'valid_from'), '-infinity'),
        coalesce({{ fn('legacy_instant') }}(row_data ->> 'valid_to'), 'infinity'),
        false
    from {{ ref('stg_hr_versions') }}
    where table_name = 'badges' and is_latest and not deleted
)

select
    device_id,
    device_user,
    employee_id,
    valid_from,
    valid_to,
    row_number() over (order by device_id = '*', valid_from desc, is_core desc, employee_id) as place
from badges
where valid_from < valid_to
