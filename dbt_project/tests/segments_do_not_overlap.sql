{{ config(tags=["nightly"]) }}
-- Two segments of an employee never share a second.
select employee_id, segment_id, started_at, next_start
from (
    select
        employee_id,
        segment_id,
        started_at,
        ended_at,
        lead(started_at) over (partition by employee_id order by started_at, ended_at) as next_start
    from {{ ref('fct_segments') }}
    where seconds > 0
) as neighbours
where next_start < ended_at
