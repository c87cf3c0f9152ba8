-- Versions of the legacy HR rows below the watermark; `is_latest` marks the present version of each row.
select
    version_id,
    table_name,
    row_key,
    deleted,
    row_data,
    xid,
    version_id = max(version_id) over (partition by table_name, row_key) as is_latest
from {{ source('raw', 'hr_versions') }}
where xid < (select watermark from {{ ref('stg_runs') }})
