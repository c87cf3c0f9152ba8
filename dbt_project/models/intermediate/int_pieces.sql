-- Presence in pieces, after rounding and deductions, each in its workday: work, paid_break, unpaid_break or deducted.
-- Pieces that are worked (work and paid breaks) have a place among the worked seconds of their day, [day_from, day_to);
-- for the others it is empty. Every worked second is in exactly one piece.
{{ config(post_hook=["create index on {{ this }} (employee_id, workday)", "analyze {{ this }}"]) }}

with segments as (
    select * from {{ ref('int_segments') }}
    where kind in ('work', 'break') and rounded_end > rounded_start
),

whole as (
    select
        segments.employee_id,
        segments.worked_shift_id,
        segments.session_id,
        segments.is_gap,
        segments.segment_id,
        segments.step,
        segments.workday,
        segments.workweek,
        segments.time_zone,
        segments.rounded_start as from_at,
        segments.rounded_end as to_at,
        'segment' as source,
        case segments.treated_as when 'paid' then 'paid_break' when 'unpaid' then 'unpaid_break' else 'work' end as kind,
        sets.attribution,
        sets.day_starts_seconds
    from segments
    inner join {{ ref('int_parameter_sets') }} as sets on segments.set_key = sets.set_key
),

attributed as (
    select whole.*, whole.from_at as piece_from, whole.to_at as piece_to, whole.workday as piece_day
    from whole
    where whole.attribution <> 'split_at_boundary'
    union all
    select
        whole.*,
        greatest(whole.from_at, {{ fn('workday_start') }}(days.day::date, whole.day_starts_seconds, whole.time_zone)),
        least(whole.to_at, {{ fn('workday_start') }}(days.day::date + 1, whole.day_starts_seconds, whole.time_zone)),
        days.day::date
    from whole
    cross join lateral generate_series(
        {{ fn('workday_of') }}(whole.from_at, whole.day_starts_seconds, whole.time_zone)::timestamp,
        {{ fn('workday_of') }}(whole.to_at - interval '1 second', whole.day_starts_seconds, whole.time_zone)::timestamp,
        interval '1 day'
    ) as days (day)
    where whole.attribution = 'split_at_boundary'
),

ruled as (
    select
        attributed.employee_id,
        attributed.worked_shift_id,
        attributed.session_id,
        attributed.segment_id,
        attributed.step,
        attributed.piece_day as workday,
        {{ week_start('attributed.piece_day', 'sets.week_starts_on') }} as workweek,
        employees.set_key,
        attributed.time_zone,
        attributed.piece_from as from_at,
        attributed.piece_to as to_at,
        attributed.source,
        attributed.kind,
        attributed.is_gap,
        {{ seconds_between('attributed.piece_from', 'attributed.piece_to') }} as seconds
    from attributed
    inner join {{ ref('int_employees') }} as employees
        on
            attributed.employee_id = employees.employee_id
            and attributed.piece_day >= employees.valid_from
            and attributed.piece_day < employees.valid_to
    inner join {{ ref('int_parameter_sets') }} as sets on employees.set_key = sets.set_key
)

select
    *,
    worked_seconds > 0 as is_worked,
    (sum(worked_seconds) over day_so_far - worked_seconds)::bigint as day_from,
    (sum(worked_seconds) over day_so_far)::bigint as day_to
from (
    select
        *,
        case when kind in ('work', 'paid_break') then seconds else 0 end as worked_seconds
    from ruled
) as pieces
window day_so_far as (
    partition by employee_id, workday order by from_at, to_at, step rows between unbounded preceding and current row
)
