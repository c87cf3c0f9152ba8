-- What the rules of the week and of longer periods claim of the seconds that the day left open: weekly tiers, period
-- tiers, and against_schedule, in this order.
with days as (
    select
        days.employee_id,
        days.workweek,
        days.workday,
        days.worked_seconds,
        days.balance_seconds,
        days.set_key,
        days.against_schedule_pay_code,
        int8multirange(int8range(0, days.worked_seconds)) - coalesce(claimed.seconds, '{}') as open_seconds
    from {{ ref('int_payable_days') }} as days
    left join (
        select employee_id, workday, range_agg(seconds) as seconds
        from {{ ref('int_day_claims') }}
        group by employee_id, workday
    ) as claimed on days.employee_id = claimed.employee_id and days.workday = claimed.workday
),

weekly as (
    {{ tier_claims('days', 'workweek', 'overtime.weekly_tiers') }}
),

after_week as (
    select days.*, days.open_seconds - coalesce(claimed.seconds, '{}') as still_open
    from days
    left join (select employee_id, workday, range_agg(seconds) as seconds from weekly group by employee_id, workday) as claimed
        on days.employee_id = claimed.employee_id and days.workday = claimed.workday
),

periods as (
    select
        after_week.employee_id,
        after_week.workweek,
        after_week.workday,
        after_week.worked_seconds,
        after_week.still_open as open_seconds,
        {{ period_start('after_week.workday', 'sets.period_tiers') }} as period_start
    from after_week
    inner join {{ ref('int_parameter_sets') }} as sets on after_week.set_key = sets.set_key
    where sets.period_tiers is not null
),

period as (
    {{ tier_claims('periods', 'period_start', 'overtime.period_tiers') }}
),

against_schedule as (
    select
        after_week.employee_id,
        after_week.workweek,
        after_week.workday,
        after_week.against_schedule_pay_code as pay_code,
        'overtime.against_schedule' as parameter,
        after_week.set_key,
        int8multirange(int8range(after_week.worked_seconds - least(after_week.balance_seconds, after_week.worked_seconds), after_week.worked_seconds))
        * (after_week.still_open - coalesce(claimed.seconds, '{}')) as seconds
    from after_week
    left join (select employee_id, workday, range_agg(seconds) as seconds from period group by employee_id, workday) as claimed
        on after_week.employee_id = claimed.employee_id and after_week.workday = claimed.workday
    where after_week.balance_seconds > 0
)

select * from weekly where not isempty(seconds)
union all
select * from period where not isempty(seconds)
union all
select * from against_schedule where not isempty(seconds)
