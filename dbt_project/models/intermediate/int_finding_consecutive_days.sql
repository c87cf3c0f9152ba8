-- compliance.consecutive_days: the days worked without a day between, up to and with the day; also over the end of a week.
with days as (
    {%- if full_run() %}
    select employee_id, workweek, workday from {{ ref('int_compliance_days') }}
    {%- else %}
    select distinct days.employee_id, days.workweek, days.workday
    from {{ ref('int_touched_findings') }} as cells
    -- Where the last run of worked days before the cell began.
    left join lateral (
        select earlier.workday
        from {{ ref('int_compliance_days') }} as earlier
        where
            earlier.employee_id = cells.employee_id
            and earlier.workday < cells.workweek
            and not exists (
                select from {{ ref('int_compliance_days') }} as previous
                where previous.employee_id = earlier.employee_id and previous.workday = earlier.workday - 1
            )
        order by earlier.workday desc
        limit 1
    ) as run_before on true
    inner join {{ ref('int_compliance_days') }} as days
        on
            cells.employee_id = days.employee_id
            and days.workday between coalesce(run_before.workday, cells.workweek) and cells.workweek + 6
    where coalesce(cells.parameter, 'compliance.consecutive_days') = 'compliance.consecutive_days'
    {%- endif %}
),

runs as (
    select *, workday - (row_number() over (partition by employee_id order by workday))::integer as run
    from days
),

counted as (
    select
        runs.employee_id,
        runs.workweek,
        runs.workday,
        row_number() over (partition by runs.employee_id, runs.run order by runs.workday) as days_in_a_row
    from runs
),

ruled as (
    select counted.*, sets.set_key, (sets.consecutive_days ->> 'max')::bigint as most_days
    from counted
    inner join {{ ref('int_employees') }} as employees
        on counted.employee_id = employees.employee_id and counted.workday >= employees.valid_from and counted.workday < employees.valid_to
    inner join {{ ref('int_parameter_sets') }} as sets on employees.set_key = sets.set_key
    where sets.consecutive_days is not null
)

select
    employee_id,
    workweek,
    workday as date,
    'consecutive_days' as rule,
    'compliance.consecutive_days' as parameter,
    set_key,
    case when days_in_a_row > most_days then 'violated' else 'satisfied' end as status,
    case when days_in_a_row > most_days then 'exceeded' end as reason,
    most_days as required_days,
    days_in_a_row as actual_days,
    null as worked_shift_id,
    null::timestamptz as changes_at
from ruled
