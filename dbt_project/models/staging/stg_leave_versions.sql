-- Every version of every leave; only the present one counts, and only when it is approved.
select
    leave_id,
    employee_id,
    starts_at,
    ends_at,
    first_day,
    last_day,
    xid,
    version_id = max(version_id) over (partition by leave_id) and not deleted and status = 'approved' as counts
from {{ source('core', 'leave') }}
where xid < (select watermark from {{ ref('stg_runs') }})
