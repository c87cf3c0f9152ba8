-- Seconds of one pay code and source for an employee and workday: the sum of its lineage.
{{ config(indexes=[{'columns': ['employee_id', 'workweek']}, {'columns': ['workday']}]) }}

with lines as (
    select employee_id, workweek, workday, pay_code, 'work' as source, day_to - day_from as seconds from {{ ref('int_base_pay') }}
    union all
    select employee_id, workweek, workday, pay_code, source, seconds from {{ ref('int_extra_pay') }}
    union all
    select employee_id, workweek, workday, pay_code, 'premium', seconds from {{ ref('int_premiums') }}
),

totals as (
    select employee_id, workweek, workday, pay_code, source, sum(seconds)::bigint as seconds
    from lines
    group by employee_id, workweek, workday, pay_code, source
)

select
    totals.employee_id || '|' || totals.workday || '|' || totals.pay_code || '|' || totals.source as pay_line_id,
    totals.employee_id,
    totals.workweek,
    totals.workday,
    totals.pay_code,
    totals.source,
    totals.seconds,
    coalesce(pay_codes.multiplier, 1)::numeric(6, 3) as multiplier,
    coalesce(pay_codes.on_top, totals.source = 'premium') as on_top,
    days.policy,
    days.cost_center,
    days.site_id
from totals
inner join {{ ref('int_workdays') }} as days on totals.employee_id = days.employee_id and totals.workday = days.workday
left join {{ ref('stg_pay_codes') }} as pay_codes on totals.pay_code = pay_codes.pay_code
where {{ is_touched('totals') }}
