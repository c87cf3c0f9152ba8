-- Paid time that was not worked: additions that do not count as work, and guarantees for call-outs, which follow what was
-- paid. It counts toward no tier.
with pieces as (select * from {{ ref('int_pieces') }}),

paid as (select worked_shift_id, paid_seconds as seconds from {{ ref('int_shift_totals') }})

select
    employee_id,
    workweek,
    workday,
    worked_shift_id,
    source,
    'regular' as pay_code,
    seconds,
    parameter,
    segment_id,
    from_at,
    to_at,
    decided_set_key as set_key
from pieces
where kind = 'added'
union all
select
    shifts.employee_id,
    shifts.workweek,
    shifts.workday,
    shifts.worked_shift_id,
    'guarantee',
    'call_out',
    sets.call_out_seconds - paid.seconds,
    'pay.minimum_call_out_minutes',
    null,
    shifts.started_at,
    shifts.ended_at,
    shifts.set_key
from {{ ref('int_worked_shifts') }} as shifts
inner join {{ ref('int_parameter_sets') }} as sets on shifts.set_key = sets.set_key
inner join paid on shifts.worked_shift_id = paid.worked_shift_id
where
    paid.seconds > 0
    and paid.seconds < sets.call_out_seconds
    and (sets.call_out_all_shifts or shifts.matched_shift_id is null)
