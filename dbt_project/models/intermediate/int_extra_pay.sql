-- Paid time that was not worked: guarantees for call-outs. It counts toward no tier.
with worked as (
    select worked_shift_id, sum(worked_seconds)::bigint as seconds
    from {{ ref('int_pieces') }}
    group by worked_shift_id
)

select
    shifts.employee_id,
    shifts.workweek,
    shifts.workday,
    shifts.worked_shift_id,
    'guarantee' as source,
    'call_out' as pay_code,
    sets.call_out_seconds - worked.seconds as seconds,
    'pay.minimum_call_out_minutes' as parameter,
    shifts.started_at as from_at,
    shifts.ended_at as to_at,
    shifts.set_key
from {{ ref('int_worked_shifts') }} as shifts
inner join {{ ref('int_parameter_sets') }} as sets on shifts.set_key = sets.set_key
inner join worked on shifts.worked_shift_id = worked.worked_shift_id
where
    worked.seconds > 0
    and worked.seconds < sets.call_out_seconds
    and (sets.call_out_all_shifts or shifts.matched_shift_id is null)
