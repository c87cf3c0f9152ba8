-- Every employee and workday of the weeks to be computed with a worked shift, a scheduled shift or leave, and what is to be
-- known of it before pay: parameters, zone, holiday, schedule, totals.
{{ config(post_hook=["create unique index on {{ this }} (employee_id, workday)", "analyze {{ this }}"]) }}

with pieces as (
    select
        employee_id,
        workday,
        -- Where the day's work begins; a day without any may have breaks.
        coalesce(min(site_id) filter (where is_worked and day_from = 0), min(site_id)) as site_id,
        coalesce(min(time_zone) filter (where is_worked and day_from = 0), min(time_zone)) as time_zone,
        sum(gross_seconds)::bigint as gross_seconds,
        sum(worked_seconds)::bigint as worked_seconds,
        sum(seconds) filter (where kind = 'unpaid_break')::bigint as unpaid_break_seconds,
        sum(gross_seconds) filter (where is_paid_break)::bigint as paid_break_seconds,
        sum(seconds) filter (where kind = 'deducted')::bigint as auto_deducted_seconds,
        sum(added_seconds)::bigint as auto_added_seconds
    from {{ ref('int_pieces') }}
    group by employee_id, workday
),

shifts as (
    select *, row_number() over (partition by employee_id, workday order by started_at) as place
    from {{ ref('int_worked_shifts') }}
),

worked as (
    select
        employee_id,
        workday,
        min(time_zone) filter (where place = 1) as time_zone,
        min(site_id) filter (where place = 1) as site_id,
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

{#- What each source says of a day, in the columns of the union below; a source has a day once. -#}
{%- set columns = {
    'worked_zone': 'text', 'worked_site': 'text', 'first_in': 'timestamptz', 'last_out': 'timestamptz', 'is_open': 'boolean',
    'piece_site': 'text', 'piece_zone': 'text', 'gross_seconds': 'bigint', 'worked_seconds': 'bigint', 'unpaid_break_seconds': 'bigint',
    'paid_break_seconds': 'bigint', 'auto_deducted_seconds': 'bigint', 'auto_added_seconds': 'bigint',
    'planned_site': 'text', 'planned_zone': 'text', 'shift_count': 'bigint', 'scheduled_seconds': 'bigint', 'is_whole_leave': 'boolean'
} %}
{%- set sources = {
    'worked': {
        'worked_zone': 'time_zone', 'worked_site': 'site_id', 'first_in': 'first_in', 'last_out': 'last_out', 'is_open': 'is_open'
    },
    'pieces': {
        'piece_site': 'site_id', 'piece_zone': 'time_zone', 'gross_seconds': 'gross_seconds', 'worked_seconds': 'worked_seconds',
        'unpaid_break_seconds': 'unpaid_break_seconds', 'paid_break_seconds': 'paid_break_seconds',
        'auto_deducted_seconds': 'auto_deducted_seconds', 'auto_added_seconds': 'auto_added_seconds'
    },
    'planned': {
        'planned_site': 'site_id', 'planned_zone': 'time_zone', 'shift_count': 'shift_count', 'scheduled_seconds': 'scheduled_seconds'
    },
    'leave_days': {'is_whole_leave': 'is_whole'}
} %}

days as (
    select
        employee_id,
        workday,
        {%- for column, type in columns.items() %}
        {{ 'bool_or' if type == 'boolean' else 'max' }}({{ column }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        {%- for source, said in sources.items() %}
        select
            employee_id,
            workday,
            {%- for column, type in columns.items() %}
            {{ said.get(column, 'null::' ~ type) }} as {{ column }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ source }}
        {{ 'union all' if not loop.last }}
        {%- endfor %}
    ) as said
    group by employee_id, workday
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
        coalesce(days.piece_site, days.worked_site, days.planned_site, employees.site_id) as site_id,
        coalesce(days.piece_zone, days.worked_zone, days.planned_zone, employees.time_zone, 'UTC') as time_zone,
        days.first_in,
        days.last_out,
        coalesce(days.is_open, false) as is_open,
        coalesce(days.gross_seconds, 0) as gross_seconds,
        coalesce(days.worked_seconds, 0) as worked_seconds,
        coalesce(days.unpaid_break_seconds, 0) as unpaid_break_seconds,
        coalesce(days.paid_break_seconds, 0) as paid_break_seconds,
        coalesce(days.auto_deducted_seconds, 0) as auto_deducted_seconds,
        coalesce(days.auto_added_seconds, 0) as auto_added_seconds,
        coalesce(days.scheduled_seconds, 0) as scheduled_seconds,
        coalesce(days.shift_count, 0) as scheduled_shift_count,
        days.is_whole_leave is not null as has_leave,
        -- Whether a day without a scheduled shift has a target: not when nothing was worked, nor on a day of leave.
        (days.first_in is not null or days.piece_zone is not null) and not coalesce(days.is_whole_leave, false) as has_target
    from days
    inner join {{ ref('int_employees') }} as employees
        on days.employee_id = employees.employee_id and days.workday >= employees.valid_from and days.workday < employees.valid_to
    inner join {{ ref('int_parameter_sets') }} as sets on employees.set_key = sets.set_key
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
