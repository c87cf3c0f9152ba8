-- What became of each scheduled shift of the working set: the worked shifts that matched it, how late and how early,
-- and the outcome. Lateness reads raw instants and, where part of the shift is leave, counts from the time that is left.
with scheduled as (select * from {{ ref('int_scheduled_shifts') }}),

worked_shifts as (select * from {{ ref('int_worked_shifts') }}),

worked_seconds as (select worked_shift_id, worked_seconds as seconds from {{ ref('int_shift_totals') }}),

matched as (
    select
        worked_shifts.matched_shift_id as shift_id,
        worked_shifts.employee_id,
        min(worked_shifts.started_at) as first_in_at,
        max(worked_shifts.ended_at) as last_out_at,
        bool_or(worked_shifts.is_still_in) as is_still_in,
        (array_agg(worked_shifts.ended_at is not null order by worked_shifts.started_at desc))[1] as last_has_ended,
        (array_agg(worked_shifts.worked_shift_id order by worked_shifts.started_at))[1] as worked_shift_id,
        min(worked_shifts.start_day) as worked_start_day,
        sum(coalesce(worked_seconds.seconds, 0))::bigint as worked_seconds
    from worked_shifts
    left join worked_seconds on worked_shifts.worked_shift_id = worked_seconds.worked_shift_id
    where worked_shifts.matched_shift_id is not null
    group by worked_shifts.matched_shift_id, worked_shifts.employee_id
),

measured as (
    select
        scheduled.*,
        sets.late_grace_seconds,
        sets.late_out_grace_seconds,
        matched.worked_shift_id,
        matched.worked_start_day,
        matched.first_in_at,
        matched.last_out_at,
        coalesce(matched.is_still_in, false) as is_still_in,
        coalesce(matched.worked_seconds, 0) as worked_seconds,
        matched.shift_id is not null as has_punches,
        coalesce(lower(scheduled.net), scheduled.starts_at) as due_from,
        coalesce(upper(scheduled.net), scheduled.ends_at) as due_to,
        case
            when {{ seconds_between('coalesce(lower(scheduled.net), scheduled.starts_at)', 'matched.first_in_at') }} > sets.late_grace_seconds
                then {{ seconds_between('coalesce(lower(scheduled.net), scheduled.starts_at)', 'matched.first_in_at') }}
            else 0
        end as late_seconds,
        case
            when
                matched.last_has_ended
                and {{ seconds_between('matched.last_out_at', 'coalesce(upper(scheduled.net), scheduled.ends_at)') }} > sets.early_leave_grace_seconds
                then {{ seconds_between('matched.last_out_at', 'coalesce(upper(scheduled.net), scheduled.ends_at)') }}
            else 0
        end as early_leave_seconds,
        sets.half_day_below_seconds,
        sets.absent_below_seconds,
        sets.no_show_after_seconds
    from scheduled
    inner join {{ ref('int_parameter_sets') }} as sets on scheduled.set_key = sets.set_key
    left join matched on scheduled.shift_id = matched.shift_id and scheduled.employee_id = matched.employee_id
)

select
    shift_id,
    employee_id,
    workweek,
    workday,
    start_day,
    starts_at,
    ends_at,
    window_start,
    window_end,
    due_from,
    due_to,
    site_id,
    set_key,
    now_at,
    overlaps_earlier,
    is_on_leave,
    is_holiday,
    has_punches,
    is_still_in,
    worked_shift_id,
    worked_start_day,
    first_in_at,
    last_out_at,
    worked_seconds,
    late_seconds,
    early_leave_seconds,
    late_grace_seconds,
    late_out_grace_seconds,
    no_show_after_seconds,
    case
        when is_holiday and worked_seconds = 0 then 'holiday'
        when is_on_leave and worked_seconds = 0 then 'on_leave'
        when not has_punches and no_show_after_seconds is not null
            then case when now_at < {{ plus_seconds('starts_at', 'no_show_after_seconds') }} then 'pending' else 'no_show' end
        when now_at < window_end then 'pending'
        when not has_punches or worked_seconds < absent_below_seconds then 'absent'
        when worked_seconds < half_day_below_seconds then 'half_day'
        when late_seconds > 0 and early_leave_seconds > 0 then 'late_and_left_early'
        when late_seconds > 0 then 'late'
        when early_leave_seconds > 0 then 'left_early'
        else 'worked'
    end as outcome,
    -- The next instant at which time alone changes the outcome or an exception of the shift.
    least(
        {{ if_later('window_end', 'now_at') }},
        {{ if_later(plus_seconds('starts_at', 'no_show_after_seconds'), 'now_at') }},
        {{ if_later(plus_seconds('due_from', '(late_grace_seconds + 1)'), 'now_at') }},
        {{ if_later(plus_seconds('due_to', '(late_out_grace_seconds + 1)'), 'now_at') }}
    ) as changes_at
from measured
