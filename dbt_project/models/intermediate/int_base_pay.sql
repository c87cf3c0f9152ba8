-- Every worked second once: the stretches of each day with their one base pay code, and the parameter that decided.

with claims as (
    select employee_id, workweek, workday, pay_code, parameter, set_key, seconds from {{ ref('int_day_claims') }}
    union all
    select employee_id, workweek, workday, pay_code, parameter, set_key, seconds from {{ ref('int_week_claims') }}
),

claimed as (
    select employee_id, workday, range_agg(seconds) as seconds from claims group by employee_id, workday
),

regular as (
    select
        days.employee_id,
        days.workweek,
        days.workday,
        'regular' as pay_code,
        null as parameter,
        days.set_key,
        int8multirange(int8range(0, days.worked_seconds)) - coalesce(claimed.seconds, '{}') as seconds
    from {{ ref('int_payable_days') }} as days
    left join claimed on days.employee_id = claimed.employee_id and days.workday = claimed.workday
)

select
    stretches.employee_id,
    stretches.workweek,
    stretches.workday,
    stretches.pay_code,
    stretches.parameter,
    stretches.set_key,
    lower(span.span) as day_from,
    upper(span.span) as day_to
from (
    select * from claims
    union all
    select * from regular
) as stretches
cross join lateral unnest(stretches.seconds) as span (span)
