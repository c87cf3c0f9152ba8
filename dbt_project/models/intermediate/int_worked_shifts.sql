-- Worked shifts with their end, closed by the policy where it closes open sessions, and the workday that they belong to,
-- whose parameters decide from here on.

with closed as (
    select
        shifts.*,
        closings.closes_at,
        case when closings.closes_at <= shifts.now_at then closings.closes_at end as closed_at,
        case when not shifts.is_open then shifts.last_at when closings.closes_at <= shifts.now_at then closings.closes_at end as ended_at
    from {{ ref('int_punched_shifts') }} as shifts
    left join {{ ref('int_closings') }} as closings on shifts.worked_shift_id = closings.worked_shift_id
),

-- Presence, where it decides: what a missing punch leaves uncertain is none.
of_most_time as (select * from closed where attribution = 'most_time'),

segments as (
    {{ punched_segments('of_most_time') }}
),

presences as (
    select worked_shift_id, range_agg(tstzrange(at, ended_at)) as presence
    from segments
    where kind in ('work', 'break')
    group by worked_shift_id
),

dated as (
    select
        closed.*,
        {{ attributed_workday(
            'closed.attribution', 'closed.started_at', 'coalesce(closed.closed_at, closed.last_at)',
            "coalesce(presences.presence, '{}')", 'sets.day_starts_seconds', 'closed.time_zone'
        ) }} as workday
    from closed
    inner join {{ ref('int_parameter_sets') }} as sets on closed.set_key = sets.set_key
    left join presences on closed.worked_shift_id = presences.worked_shift_id
)

select
    dated.worked_shift_id,
    dated.employee_id,
    {{ week_start('dated.workday', 'sets.week_starts_on') }} as workweek,
    dated.workday,
    dated.start_day,
    dated.first_at,
    dated.started_at,
    dated.last_at,
    dated.reaches_to,
    dated.last_step,
    dated.is_open,
    dated.last_session_id,
    dated.session_count,
    dated.last_out_at,
    dated.closes_at,
    dated.closed_at,
    dated.ended_at,
    dated.matched_shift_id,
    dated.matched_shift_start,
    dated.matched_shift_end,
    coalesce(dated.site_id, employees.site_id) as site_id,
    dated.time_zone,
    employees.set_key,
    employees.policy,
    employees.cost_center,
    dated.max_shift_seconds,
    dated.now_at,
    dated.cut_at is not null as is_cut,
    dated.is_open and dated.cut_at is null and dated.closed_at is null
    and dated.now_at <= {{ plus_seconds('dated.first_at', 'dated.max_shift_seconds') }} as is_still_in
from dated
inner join {{ ref('int_employees') }} as employees
    on dated.employee_id = employees.employee_id and dated.workday >= employees.valid_from and dated.workday < employees.valid_to
inner join {{ ref('int_parameter_sets') }} as sets on employees.set_key = sets.set_key
