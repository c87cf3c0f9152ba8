-- What the rules of the day claim of its worked seconds, in the order of claim: holiday, rest day, seventh day, windows,
-- daily tiers. Seconds are counted in the order of time from the first worked second of the day; each belongs to the
-- first rule that claims it.
with days as (
    select
        days.*,
        sets.seventh_day_scope,
        sets.seventh_day_number,
        sets.seventh_day_first_seconds,
        sets.seventh_day_pay_code,
        sets.seventh_day_then_pay_code,
        sets.alternative_workweek,
        coalesce({{ minutes_to_seconds("sets.alternative_workweek ->> 'scheduled_minutes'") }}, 0) as alternative_seconds,
        sets.rest_day,
        sets.holiday,
        (array['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'])[date_part('isodow', days.workday)::int] as weekday,
        row_number() over (partition by days.employee_id, days.workweek order by days.workday) as worked_day_of_week
    from {{ ref('int_workdays') }} as days
    inner join {{ ref('int_parameter_sets') }} as sets on days.set_key = sets.set_key
    where days.worked_seconds > 0
),

tiers as (select * from {{ ref('int_pay_tiers') }}),

holiday_claims as (
    select
        days.employee_id, days.workday, 1 as priority, 0 as entry_number, tiers.pay_code, tiers.parameter,
        int8multirange(int8range(tiers.over_seconds, least(tiers.to_seconds, days.worked_seconds))) as seconds
    from days
    inner join tiers on days.set_key = tiers.set_key and tiers.parameter = 'overtime.holiday' and tiers.over_seconds < days.worked_seconds
    where days.is_holiday and coalesce(days.holiday -> 'days' ? days.weekday, true)
),

rest_day_claims as (
    select
        days.employee_id, days.workday, 2 as priority, 0 as entry_number, tiers.pay_code, tiers.parameter,
        int8multirange(int8range(tiers.over_seconds, least(tiers.to_seconds, days.worked_seconds))) as seconds
    from days
    inner join tiers on days.set_key = tiers.set_key and tiers.parameter = 'overtime.rest_day' and tiers.over_seconds < days.worked_seconds
    where coalesce(days.rest_day -> 'days' ? days.weekday, days.scheduled_shift_count = 0)
),

-- Which worked day of its week, or of an unbroken run, each day is.
seventh_days as (
    select days.*
    from days
    where
        (
            days.seventh_day_scope = 'workweek'
            and days.workday - days.workweek + 1 = days.seventh_day_number
            and days.worked_day_of_week = days.seventh_day_number
        )
        or (days.seventh_day_scope = 'nth_worked_day' and days.worked_day_of_week = days.seventh_day_number)
        or (
            days.seventh_day_scope = 'rolling'
            and (
                select count(*) from {{ ref('fct_workdays') }} as before
                where
                    before.employee_id = days.employee_id
                    and before.worked_seconds > 0
                    -- Found by their weeks, so that the cost is not that of the history.
                    and before.workweek between days.workday - days.seventh_day_number - 6 and days.workday
                    and before.workday > days.workday - days.seventh_day_number
                    and before.workday <= days.workday
            ) = days.seventh_day_number
        )
),

seventh_day_claims as (
    select
        employee_id, workday, 3 as priority, 0 as entry_number, seventh_day_pay_code as pay_code, 'overtime.seventh_day' as parameter,
        int8multirange(int8range(0, least(seventh_day_first_seconds, worked_seconds))) as seconds
    from seventh_days
    union all
    select
        employee_id, workday, 3, 1, seventh_day_then_pay_code, 'overtime.seventh_day',
        int8multirange(int8range(seventh_day_first_seconds, worked_seconds))
    from seventh_days
    where worked_seconds > seventh_day_first_seconds
),

window_claims as (
    select
        employee_id, workday, 4 as priority, entry_number, pay_code, parameter, range_agg(int8range(day_from, day_to)) as seconds
    from {{ ref('int_window_work') }}
    where parameter = 'overtime.windows'
    group by employee_id, workday, entry_number, pay_code, parameter
),

daily_claims as (
    select
        days.employee_id,
        days.workday,
        5 as priority,
        0 as entry_number,
        tiers.pay_code,
        tiers.parameter,
        int8multirange(int8range(moved.over_seconds, least(moved.to_seconds, days.worked_seconds))) as seconds
    from days
    inner join tiers on days.set_key = tiers.set_key
    cross join lateral (
        -- On the days of an alternative workweek no tier starts before its scheduled minutes.
        select
            case when days.alternative_workweek -> 'days' ? days.weekday then greatest(tiers.over_seconds, days.alternative_seconds) else tiers.over_seconds end
                as over_seconds,
            case
                when days.alternative_workweek -> 'days' ? days.weekday and tiers.to_seconds < days.alternative_seconds then days.alternative_seconds
                else tiers.to_seconds
            end as to_seconds
    ) as moved
    where
        tiers.parameter = case
            when days.alternative_workweek ? 'other_days_tiers' and not days.alternative_workweek -> 'days' ? days.weekday
                then 'overtime.alternative_workweek'
            else 'overtime.daily_tiers'
        end
        and moved.over_seconds < least(moved.to_seconds, days.worked_seconds)
),

claims as (
    select * from holiday_claims
    union all
    select * from rest_day_claims
    union all
    select * from seventh_day_claims
    union all
    select * from window_claims
    union all
    select * from daily_claims
),

first_claims as (
    select
        employee_id,
        workday,
        pay_code,
        parameter,
        seconds - coalesce(
            range_agg(seconds) over (
                partition by employee_id, workday order by priority, entry_number, lower(seconds) rows between unbounded preceding and 1 preceding
            ),
            '{}'
        ) as seconds
    from claims
)

select
    first_claims.employee_id,
    days.workweek,
    first_claims.workday,
    first_claims.pay_code,
    first_claims.parameter,
    days.set_key,
    first_claims.seconds
from first_claims
inner join days on first_claims.employee_id = days.employee_id and first_claims.workday = days.workday
where not isempty(first_claims.seconds)
