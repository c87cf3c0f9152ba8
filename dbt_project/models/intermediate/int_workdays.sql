-- Every employee and workday of the weeks to be computed with a worked shift, a scheduled shift or leave, and what is to be
-- known of it before pay: parameters, zone, holiday, schedule, totals.
{{ config(post_hook=["create unique index on {{ this }} (employee_id, workday)", "analyze {{ this }}"]) }}

with shifts as (select * from {{ ref('int_worked_shifts') }}),

pieces as (
    select
        employee_id,
        workday,
        min(time_zone) as time_zone,
        sum(gross_seconds) as gross_seconds,
        sum(worked_seconds) as worked_seconds,
        sum(seconds) filter (where kind = 'unpaid_break') as unpaid_break_seconds,
        sum(gross_seconds) filter (where is_paid_break) as paid_break_seconds,
        sum(seconds) filter (where kind = 'deducted') as auto_deducted_seconds,
        sum(added_seconds) as auto_added_seconds
    from {{ ref('int_pieces') }}
    group by employee_id, workday
),

worked as (
    select
        employee_id,
        workday,
        (array_agg(time_zone order by started_at))[1] as time_zone,
        (array_agg(site_id order by started_at))[1] as site_id,
        min(started_at) as first_in,
        max(ended_at) as last_out,
        bool_or(is_still_in) as is_open
    from shifts
    group by employee_id, workday
),

planned as (select * from {{ ref('int_scheduled_days') }}),

leave_days as (
    select leaves.employee_id, days.day::date as workday, bool_or(leaves.first_day is not null) as is_whole
    from {{ ref('int_leave') }} as leaves
    inner join {{ ref('int_employees') }} as employees
        on
            leaves.employee_id = employees.employee_id
            and leaves.starts_at >= employees.starts_at
            and leaves.starts_at < employees.ends_at
    cross join lateral generate_series(
        coalesce(leaves.first_day, ({{ local_time('leaves.starts_at', "coalesce(employees.time_zone, 'UTC')") }})::date)::timestamp,
        coalesce(
            leaves.last_day, ({{ local_time("leaves.ends_at - interval '1 second'", "coalesce(employees.time_zone, 'UTC')") }})::date
        )::timestamp,
        interval '1 day'
    ) as days (day)
    group by leaves.employee_id, days.day::date
),

days as (
    select employee_id, workday from worked
    union
    select employee_id, workday from pieces
    union
    select employee_id, workday from planned
    union
    select employee_id, workday from leave_days
),

described as (
    select
        days.employee_id,
        {{ week_start('days.workday', 'sets.week_starts_on') }} as workweek,
        days.workday,
        employees.set_key,
        employees.policy,
        employees.cost_center,
        employees.now_at,
        coalesce(worked.site_id, planned.site_id, employees.site_id) as site_id,
        coalesce(worked.time_zone, pieces.time_zone, planned.time_zone, employees.time_zone, 'UTC') as time_zone,
        worked.first_in,
        worked.last_out,
        coalesce(worked.is_open, false) as is_open,
        coalesce(pieces.gross_seconds, 0)::bigint as gross_seconds,
        coalesce(pieces.worked_seconds, 0)::bigint as worked_seconds,
        coalesce(pieces.unpaid_break_seconds, 0)::bigint as unpaid_break_seconds,
        coalesce(pieces.paid_break_seconds, 0)::bigint as paid_break_seconds,
        coalesce(pieces.auto_deducted_seconds, 0)::bigint as auto_deducted_seconds,
        coalesce(pieces.auto_added_seconds, 0)::bigint as auto_added_seconds,
        coalesce(planned.scheduled_seconds, 0)::bigint as scheduled_seconds,
        coalesce(planned.shift_count, 0) as scheduled_shift_count,
        leave_days.employee_id is not null as has_leave,
        -- Whether a day without a scheduled shift has a target: not when nothing was worked, nor on a day of leave.
        (worked.employee_id is not null or pieces.employee_id is not null) and not coalesce(leave_days.is_whole, false) as has_target
    from days
    inner join {{ ref('int_employees') }} as employees
        on days.employee_id = employees.employee_id and days.workday >= employees.valid_from and days.workday < employees.valid_to
    inner join {{ ref('int_parameter_sets') }} as sets on employees.set_key = sets.set_key
    left join worked on days.employee_id = worked.employee_id and days.workday = worked.workday
    left join pieces on days.employee_id = pieces.employee_id and days.workday = pieces.workday
    left join planned on days.employee_id = planned.employee_id and days.workday = planned.workday
    left join leave_days on days.employee_id = leave_days.employee_id and days.workday = leave_days.workday
),

differences as (
    select
        described.*,
        case
            when sets.against_schedule is null then 0
            when described.scheduled_shift_count = 0
                then described.worked_seconds
                    - case when described.has_target then coalesce({{ minutes_to_seconds("sets.against_schedule ->> 'target_minutes'") }}, 0) else 0 end
            else described.worked_seconds - described.scheduled_seconds
        end as difference_seconds,
        coalesce({{ minutes_to_seconds("sets.against_schedule ->> 'tolerance_minutes'") }}, 0) as tolerance_seconds,
        coalesce({{ minutes_to_seconds("sets.against_schedule ->> 'undertime_tolerance_minutes'") }}, 0) as undertime_tolerance_seconds,
        coalesce((sets.against_schedule ->> 'allow_negative')::boolean, false) as allows_negative
    from described
    inner join {{ ref('int_parameter_sets') }} as sets on described.set_key = sets.set_key
)

select
    differences.*,
    case
        when differences.difference_seconds > differences.tolerance_seconds then differences.difference_seconds
        when differences.allows_negative and -differences.difference_seconds > differences.undertime_tolerance_seconds then differences.difference_seconds
        else 0
    end as balance_seconds,
    exists (
        select from {{ ref('stg_holidays') }} as holidays
        where holidays.site_id = differences.site_id and holidays.holiday = differences.workday
    ) as is_holiday
from differences
where {{ is_touched('differences', 'int_read_weeks') }}
