-- What findings read: work and breaks of each worked shift in the order of time, raw unless the policy has
-- `compliance.use_rounded`, with the work that came before. Paid breaks are work; automatic deductions are not breaks.
{{ config(post_hook=["create index on {{ this }} (worked_shift_id)", "analyze {{ this }}"]) }}

with spans as (
    select
        segments.employee_id,
        segments.workweek,
        segments.workday,
        segments.worked_shift_id,
        segments.step,
        segments.set_key,
        segments.time_zone,
        segments.break_type,
        segments.kind = 'break' and segments.treated_as = 'unpaid' as is_unpaid_break,
        segments.kind = 'break' and segments.treated_as = 'paid' as is_paid_break,
        case when sets.findings_use_rounded then segments.rounded_start else segments.started_at end as from_at,
        case when sets.findings_use_rounded then segments.rounded_end else segments.ended_at end as to_at
    from {{ ref('int_segments') }} as segments
    inner join {{ ref('int_parameter_sets') }} as sets on segments.set_key = sets.set_key
    where segments.kind in ('work', 'break') and sets.has_findings
),

measured as (
    select
        *,
        {{ seconds_between('from_at', 'to_at') }} as seconds,
        case when is_unpaid_break then 0 else {{ seconds_between('from_at', 'to_at') }} end as work_seconds
    from spans
    where to_at > from_at
)

select
    *,
    (sum(work_seconds) over (partition by worked_shift_id order by step) - work_seconds)::bigint as work_before,
    (sum(work_seconds) over (partition by worked_shift_id))::bigint as shift_work_seconds,
    (sum(seconds) over (partition by worked_shift_id))::bigint as shift_gross_seconds,
    min(from_at) over (partition by worked_shift_id) as shift_from_at
from measured
