-- Work and breaks of the working set as findings read them: raw, or rounded where the policy has
-- `compliance.use_rounded`. Paid breaks are work; automatic deductions are not breaks.
{{ config(materialized='view', post_hook=[]) }}

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
        sets.has_findings,
        sets.attribution,
        sets.day_starts_seconds,
        sets.week_starts_on,
        case when sets.findings_use_rounded then segments.rounded_start else segments.started_at end as from_at,
        case when sets.findings_use_rounded then segments.rounded_end else segments.ended_at end as to_at
    from {{ ref('int_segments') }} as segments
    inner join {{ ref('int_parameter_sets') }} as sets on segments.set_key = sets.set_key
    where segments.kind in ('work', 'break')
)

select *
from spans
where to_at > from_at
