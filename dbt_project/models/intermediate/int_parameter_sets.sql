-- One row for each parameter set, with every parameter in a typed column: the only place that reads parameter values
-- out of JSON by name. Lists stay JSON and are unrolled by the step that uses them. A default stands where the
-- vocabulary names one; else a parameter that is not set is NULL, and its rule is off.
{{ config(post_hook=["create unique index on {{ this }} (set_key)", "analyze {{ this }}"]) }}

with sets as (
    select
        set_key,
        policy,
        set_valid_from as valid_from,
        set_valid_to as valid_to,
        coalesce(jsonb_object_agg(parameter, value) filter (where parameter is not null), '{}') as p
    from {{ ref('int_parameter_values') }}
    group by set_key, policy, set_valid_from, set_valid_to
)

select
    set_key,
    policy,
    valid_from,
    valid_to,

    -- Day and week
    coalesce({{ clock_to_seconds("p ->> 'workday.starts_at'") }}, 0) as day_starts_seconds,
    coalesce(p ->> 'workday.attribution', 'shift_start') as attribution,
    coalesce({{ weekday_number("p ->> 'workweek.starts_on'") }}, 1) as week_starts_on,

    -- Pairing
    coalesce(p ->> 'pairing.direction', 'explicit') = 'alternate' as is_alternate,
    coalesce(p ->> 'pairing.hours_from', 'segments') = 'first_in_last_out' as counts_first_to_last,
    coalesce((p ->> 'pairing.repeat_within_seconds')::integer, 60) as repeat_seconds,
    coalesce(p ->> 'pairing.in_after_in', 'missing') as in_after_in,
    coalesce(p ->> 'pairing.out_after_out', 'missing') as out_after_out,
    coalesce({{ minutes_to_seconds("p ->> 'pairing.new_shift_after_gap_minutes'") }}, 14400)::integer as gap_seconds,
    coalesce({{ minutes_to_seconds("p ->> 'pairing.max_shift_minutes'") }}, 57600)::integer as max_shift_seconds,
    case jsonb_typeof(p -> 'pairing.open_session')
        when 'object' then 'close_after_worked'
        else coalesce(p ->> 'pairing.open_session', 'exclude')
    end as open_session,
    {{ minutes_to_seconds("p #>> '{pairing.open_session,close_after_worked_over_expected_minutes}'") }} as close_after_seconds,

    -- Rounding
    p -> 'rounding.clock_in' as round_clock_in,
    p -> 'rounding.clock_out' as round_clock_out,
    p -> 'rounding.break_start' as round_break_start,
    p -> 'rounding.break_end' as round_break_end,
    p -> 'rounding.session_total' as round_session_total,
    p -> 'rounding.break_total' as round_break_total,
    p -> 'rounding.day_total' as round_day_total,
    {{ minutes_to_seconds("p #>> '{rounding.snap_to_schedule,clock_in,before_minutes}'") }} as snap_in_before_seconds,
    {{ minutes_to_seconds("p #>> '{rounding.snap_to_schedule,clock_in,after_minutes}'") }} as snap_in_after_seconds,
    {{ minutes_to_seconds("p #>> '{rounding.snap_to_schedule,clock_out,before_minutes}'") }} as snap_out_before_seconds,
    {{ minutes_to_seconds("p #>> '{rounding.snap_to_schedule,clock_out,after_minutes}'") }} as snap_out_after_seconds,

    -- Breaks
    coalesce(p -> 'breaks.paid_types', '["rest"]') as paid_types,
    {{ minutes_to_seconds("p ->> 'breaks.rest_paid_up_to_minutes'") }} as rest_paid_up_to_seconds,
    {{ minutes_to_seconds("p ->> 'breaks.meal_unpaid_from_minutes'") }} as meal_unpaid_from_seconds,
    {{ minutes_to_seconds("p ->> 'breaks.minimum_counted_minutes'") }} as minimum_counted_seconds,
    p -> 'breaks.long_after_minutes' as long_after_minutes,
    p -> 'breaks.short_below_minutes' as short_below_minutes,
    p -> 'breaks.count' as break_count,
    {{ minutes_to_seconds("p ->> 'breaks.meal_start_by_worked_minutes'") }} as meal_start_by_seconds,
    p -> 'breaks.auto_deduct' as auto_deduct,
    p -> 'breaks.auto_add' as auto_add,
    coalesce((p ->> 'breaks.from_schedule')::boolean, false) as breaks_from_schedule,
    {{ minutes_to_seconds("p #>> '{breaks.sleep,min_duty_minutes}'") }} as sleep_min_duty_seconds,
    {{ minutes_to_seconds("p #>> '{breaks.sleep,max_excluded_minutes}'") }} as sleep_max_excluded_seconds,
    {{ minutes_to_seconds("p #>> '{breaks.sleep,min_sleep_minutes}'") }} as sleep_min_seconds,

    -- Rules that change the time of a worked shift after its punches are rounded; most policies have none of them.
    p ?| array['rounding.session_total', 'rounding.break_total', 'breaks.auto_deduct', 'breaks.auto_add', 'breaks.from_schedule']
        as adjusts_shifts,

    -- Overtime and pay
    p -> 'overtime.daily_tiers' as daily_tiers,
    p -> 'overtime.weekly_tiers' as weekly_tiers,
    p -> 'overtime.period_tiers' as period_tiers,
    coalesce(p ->> 'overtime.weekly_counts', 'straight_time_only') as weekly_counts,
    p #>> '{overtime.seventh_day,scope}' as seventh_day_scope,
    coalesce((p #>> '{overtime.seventh_day,day}')::integer, 7) as seventh_day_number,
    {{ minutes_to_seconds("p #>> '{overtime.seventh_day,first_minutes}'") }} as seventh_day_first_seconds,
    p #>> '{overtime.seventh_day,pay_code}' as seventh_day_pay_code,
    p #>> '{overtime.seventh_day,then_pay_code}' as seventh_day_then_pay_code,
    p -> 'overtime.rest_day' as rest_day,
    p -> 'overtime.holiday' as holiday,
    p -> 'overtime.alternative_workweek' as alternative_workweek,
    p -> 'overtime.against_schedule' as against_schedule,
    p -> 'overtime.windows' as overtime_windows,
    p -> 'premium.windows' as premium_windows,
    {{ minutes_to_seconds("coalesce(p #>> '{pay.minimum_call_out_minutes,minutes}', p ->> 'pay.minimum_call_out_minutes')") }} as call_out_seconds,
    coalesce((p #>> '{pay.minimum_call_out_minutes,all_shifts}')::boolean, false) as call_out_all_shifts,
    {{ minutes_to_seconds("p ->> 'pay.meal_premium_minutes'") }} as meal_premium_seconds,
    {{ minutes_to_seconds("p ->> 'pay.rest_premium_minutes'") }} as rest_premium_seconds,

    -- Scheduled shifts
    coalesce({{ minutes_to_seconds("p ->> 'shift.early_window_minutes'") }}, 0) as early_window_seconds,
    coalesce({{ minutes_to_seconds("p ->> 'shift.late_window_minutes'") }}, 0) as late_window_seconds,
    coalesce((p ->> 'shift.trim_windows')::boolean, false) as trims_windows,
    {{ minutes_to_seconds("p ->> 'shift.late_grace_minutes'") }} as late_grace_seconds,
    {{ minutes_to_seconds("p ->> 'shift.early_in_grace_minutes'") }} as early_in_grace_seconds,
    {{ minutes_to_seconds("p ->> 'shift.early_leave_grace_minutes'") }} as early_leave_grace_seconds,
    {{ minutes_to_seconds("p ->> 'shift.late_out_grace_minutes'") }} as late_out_grace_seconds,
    {{ minutes_to_seconds("p ->> 'shift.half_day_below_minutes'") }} as half_day_below_seconds,
    {{ minutes_to_seconds("p ->> 'shift.absent_below_minutes'") }} as absent_below_seconds,
    {{ minutes_to_seconds("p ->> 'shift.no_show_after_minutes'") }} as no_show_after_seconds,
    {{ minutes_to_seconds("p ->> 'shift.over_scheduled_minutes'") }} as over_scheduled_seconds,
    {{ minutes_to_seconds("p ->> 'shift.under_scheduled_minutes'") }} as under_scheduled_seconds,
    {{ minutes_to_seconds("p ->> 'shift.over_weekly_scheduled_minutes'") }} as over_weekly_scheduled_seconds,

    -- Exceptions of worked time
    {{ minutes_to_seconds("p ->> 'exceptions.daily_worked_over_minutes'") }} as daily_worked_over_seconds,
    {{ minutes_to_seconds("p ->> 'exceptions.weekly_worked_over_minutes'") }} as weekly_worked_over_seconds,

    -- Compliance: one column for each rule, as its model reads it
    p -> 'compliance.meal_periods' as meal_periods,
    p -> 'compliance.rest_periods' as rest_periods,
    p -> 'compliance.break_total' as break_total,
    {{ minutes_to_seconds("p ->> 'compliance.longest_work_minutes'") }} as longest_work_seconds,
    p -> 'compliance.daily_rest' as daily_rest,
    {{ minutes_to_seconds("p #>> '{compliance.daily_rest,minutes}'") }} as daily_rest_seconds,
    p -> 'compliance.weekly_rest' as weekly_rest,
    p -> 'compliance.day_of_rest' as day_of_rest,
    p -> 'compliance.daily_max' as daily_max,
    p -> 'compliance.weekly_max' as weekly_max,
    p -> 'compliance.average_week' as average_week,
    p -> 'compliance.average_day' as average_day,
    p -> 'compliance.consecutive_days' as consecutive_days,
    p -> 'compliance.night_work' as night_work,
    coalesce((p ->> 'compliance.use_rounded')::boolean, false) as findings_use_rounded,
    p::text like '%"compliance.%' as has_findings,
    p::text like '%"shift.%' as compares_with_shifts
from sets
