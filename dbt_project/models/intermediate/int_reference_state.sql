-- What computing depends on beside punches, shifts and leave, in one shape: for each thing its ranges of time and a
-- fingerprint of what counts in them. Compared with what the run before saw, it tells which employees are touched and
-- from when; names, e-mails and the like are not in it, so a renamed site touches nobody.
with sets as (
    select set_key, md5(coalesce(string_agg(concat_ws('|', parameter, value, parameter_valid_from, reference), ',' order by parameter), '')) as fingerprint
    from {{ ref('int_parameter_values') }}
    group by set_key
)

select
    'employee' as thing,
    employees.employee_id as thing_key,
    employees.starts_at as from_at,
    employees.ends_at as to_at,
    md5(concat_ws(
        '|', employees.site_id, employees.cost_center, employees.time_zone, employees.facts, employees.policy, sets.fingerprint,
        employees.origin = 'punches', employees.has_shifts
    )) as fingerprint
from {{ ref('int_employees') }} as employees
inner join sets on employees.set_key = sets.set_key
union all
select 'identity', recorded_id, from_at, to_at, employee_id
from {{ ref('int_identities') }}
union all
select 'site', site_id, '-infinity', 'infinity', coalesce(time_zone, '')
from {{ ref('stg_sites') }}
union all
select 'holiday', site_id, {{ utc_instant('holiday::text') }}, {{ utc_instant('(holiday + 1)::text') }}, 'holiday'
from {{ ref('stg_holidays') }}
union all
select 'pay_code', pay_code, '-infinity', 'infinity', concat_ws('|', multiplier, on_top)
from {{ ref('stg_pay_codes') }}
