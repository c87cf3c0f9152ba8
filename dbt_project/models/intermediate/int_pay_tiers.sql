-- The tiers of each parameter set, unrolled: worked seconds over `over_seconds` up to `to_seconds` are of this pay code.
with sets as (select * from {{ ref('int_parameter_sets') }}),

lists as (
    select set_key, 'overtime.daily_tiers' as parameter, daily_tiers as tiers from sets
    union all
    select set_key, 'overtime.alternative_workweek', alternative_workweek -> 'other_days_tiers' from sets
    union all
    select set_key, 'overtime.weekly_tiers', weekly_tiers from sets
    union all
    select set_key, 'overtime.period_tiers', period_tiers -> 'tiers' from sets
    union all
    select set_key, 'overtime.rest_day', rest_day -> 'tiers' from sets
    union all
    select set_key, 'overtime.holiday', holiday -> 'tiers' from sets
),

tiers as (
    select
        lists.set_key,
        lists.parameter,
        {{ minutes_to_seconds("tier.value ->> 'over_minutes'") }} as over_seconds,
        tier.value ->> 'pay_code' as pay_code
    from lists
    cross join lateral jsonb_array_elements(lists.tiers) as tier
    where lists.tiers is not null
)

select
    set_key,
    parameter,
    over_seconds,
    lead(over_seconds) over (partition by set_key, parameter order by over_seconds) as to_seconds,
    pay_code
from tiers
