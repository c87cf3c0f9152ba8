-- Workdays and workweeks with more or less worked than a person wants to know of without being told: against what is
-- scheduled, and over limits of the policy. Worked time is that of the day's totals; `at` is the last clock-out of the
-- worked shift that passed the mark. The parameters of the week are those of its first day.
with sets as (
    select
        set_key,
        over_scheduled_seconds,
        under_scheduled_seconds,
        over_weekly_scheduled_seconds,
        daily_worked_over_seconds,
        weekly_worked_over_seconds
    from {{ ref('int_parameter_sets') }}
    where
        num_nonnulls(
            over_scheduled_seconds, under_scheduled_seconds, over_weekly_scheduled_seconds, daily_worked_over_seconds, weekly_worked_over_seconds
        ) > 0
),

ruled as (
    select employees.employee_id, employees.valid_from, employees.valid_to, sets.*
    from {{ ref('int_employees') }} as employees
    inner join sets on employees.set_key = sets.set_key
),

-- What is planned on each workday, and whether any of it may still change.
planned as (
    select
        scheduled.employee_id,
        days.day::date as workday,
        min(scheduled.starts_at) as starts_at,
        (array_agg(scheduled.shift_id order by scheduled.starts_at, scheduled.shift_id))[1] as shift_id,
        bool_or(outcomes.outcome = 'pending' or outcomes.is_still_in) as is_unfinished
    from {{ ref('int_scheduled_shifts') }} as scheduled
    inner join {{ ref('int_shift_outcomes') }} as outcomes
        on scheduled.employee_id = outcomes.employee_id and scheduled.shift_id = outcomes.shift_id
    cross join lateral generate_series(
        scheduled.workday::timestamp,
        case
            when scheduled.attribution = 'split_at_boundary'
                then {{ fn('workday_of') }}(scheduled.ends_at - interval '1 second', scheduled.day_starts_seconds, scheduled.time_zone)
            else scheduled.workday
        end::timestamp,
        interval '1 day'
    ) as days (day)
    where scheduled.employee_id in (select ruled.employee_id from ruled where ruled.under_scheduled_seconds is not null)
    group by scheduled.employee_id, days.day::date
),

days as (
    select
        employee_id,
        workday,
        workweek,
        worked_seconds,
        scheduled_seconds,
        scheduled_shift_count,
        is_holiday,
        is_open,
        (sum(worked_seconds) over (partition by employee_id, workweek order by workday) - worked_seconds)::bigint as week_before,
        (sum(scheduled_seconds) over (partition by employee_id, workweek))::bigint as week_scheduled_seconds,
        sum(scheduled_shift_count) over (partition by employee_id, workweek) as week_shift_count
    from {{ ref('int_workdays') }}
    where employee_id in (select ruled.employee_id from ruled)
),

-- What is worked before the day, and the mark that it may not pass.
marks as (
    select days.employee_id, days.workday, days.worked_seconds, found.kind, found.before_seconds, found.mark_seconds
    from days
    left join ruled as of_day
        on days.employee_id = of_day.employee_id and days.workday >= of_day.valid_from and days.workday < of_day.valid_to
    left join ruled as of_week
        on days.employee_id = of_week.employee_id and days.workweek >= of_week.valid_from and days.workweek < of_week.valid_to
    cross join lateral (
        values
        (
            'over_scheduled',
            0,
            case when days.scheduled_shift_count > 0 then days.scheduled_seconds + of_day.over_scheduled_seconds end
        ),
        ('over_daily_time', 0, of_day.daily_worked_over_seconds),
        (
            'over_weekly_scheduled',
            days.week_before,
            case when days.week_shift_count > 0 then days.week_scheduled_seconds + of_week.over_weekly_scheduled_seconds end
        ),
        ('over_weekly_time', days.week_before, of_week.weekly_worked_over_seconds)
    ) as found (kind, before_seconds, mark_seconds)
),

passed as (
    select marks.employee_id, marks.workday, marks.kind, passing.worked_shift_id
    from marks
    cross join lateral (
        select pieces.worked_shift_id
        from {{ ref('int_pieces') }} as pieces
        where
            pieces.employee_id = marks.employee_id
            and pieces.workday = marks.workday
            and pieces.is_worked
            and marks.before_seconds + pieces.day_to > marks.mark_seconds
        order by pieces.day_to
        limit 1
    ) as passing
    where marks.before_seconds <= marks.mark_seconds and marks.before_seconds + marks.worked_seconds > marks.mark_seconds
),

missed as (
    select days.employee_id, days.workday, 'under_scheduled' as kind, latest.worked_shift_id, planned.starts_at, planned.shift_id
    from days
    inner join ruled on days.employee_id = ruled.employee_id and days.workday >= ruled.valid_from and days.workday < ruled.valid_to
    inner join planned on days.employee_id = planned.employee_id and days.workday = planned.workday
    left join lateral (
        select pieces.worked_shift_id
        from {{ ref('int_pieces') }} as pieces
        where pieces.employee_id = days.employee_id and pieces.workday = days.workday and pieces.is_worked
        order by pieces.day_to desc
        limit 1
    ) as latest on true
    where
        days.scheduled_seconds - days.worked_seconds > ruled.under_scheduled_seconds
        and not days.is_holiday
        and not days.is_open
        and not planned.is_unfinished
),

of_all as (
    select employee_id, workday, kind, worked_shift_id, null::timestamptz as starts_at, null as shift_id from passed
    union all
    select employee_id, workday, kind, worked_shift_id, starts_at, shift_id from missed
)

-- A day without work has no punch; its first scheduled shift stands for it.
select
    of_all.employee_id,
    of_all.workday,
    of_all.kind,
    coalesce(shifts.closed_at, shifts.last_out_at, of_all.starts_at) as at,
    case when shifts.worked_shift_id is null then of_all.shift_id end as shift_id,
    case when shifts.worked_shift_id is not null then 'out' end as punch
from of_all
left join {{ ref('int_worked_shifts') }} as shifts on of_all.worked_shift_id = shifts.worked_shift_id
