-- Of each worked shift whose policy has findings, work and breaks in the order of time, with the work that came before.

with measured as (
    select
        employee_id,
        workweek,
        workday,
        worked_shift_id,
        step,
        set_key,
        time_zone,
        break_type,
        is_unpaid_break,
        is_paid_break,
        from_at,
        to_at,
        {{ seconds_between('from_at', 'to_at') }} as seconds,
        case when is_unpaid_break then 0 else {{ seconds_between('from_at', 'to_at') }} end as work_seconds
    from {{ ref('int_compliance_segments') }}
    where has_findings
)

select
    *,
    -- Sums of integers are bigint, those of bigint decimal numbers.
    sum(work_seconds::integer) over (partition by worked_shift_id order by step) - work_seconds as work_before,
    sum(work_seconds::integer) over (partition by worked_shift_id) as shift_work_seconds,
    sum(seconds::integer) over (partition by worked_shift_id) as shift_gross_seconds,
    min(from_at) over (partition by worked_shift_id) as shift_from_at
from measured
