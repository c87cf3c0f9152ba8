-- The time of worked shifts in pieces, after rounding, deductions and additions, each in its workday:
-- work, paid_break, unpaid_break; deducted; cut (presence that the rounding of a total takes); added (paid, not worked).
-- Pieces that are worked (work and paid breaks) have a place among the worked seconds of their day, [day_from, day_to);
-- for the others it is empty. Every worked second is in exactly one piece.

with adjusted as (
    select rounded.*, cuts.deducted
    from {{ ref('int_rounded_time') }} as rounded
    left join (
        select worked_shift_id, place, range_agg(tstzrange(from_at, to_at)) as deducted
        from {{ ref('int_deductions') }}
        group by worked_shift_id, place
    ) as cuts
        on rounded.worked_shift_id = cuts.worked_shift_id and rounded.place = cuts.place
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
        segments.set_key,
        segments.site_id,
        segments.time_zone,
        segments.rounded_start as from_at,
        segments.rounded_end as to_at,
        'segment' as source,
        null as parameter,
        {{ kind_of_piece('segments') }} as kind,
        coalesce(segments.treated_as = 'paid', false) as is_paid_break
    from {{ ref('int_segments') }} as segments
    inner join {{ ref('int_parameter_sets') }} as sets on segments.set_key = sets.set_key
    where segments.kind in ('work', 'break') and segments.rounded_end > segments.rounded_start and not sets.adjusts_shifts
    union all
    select
        adjusted.employee_id,
        adjusted.worked_shift_id,
        adjusted.session_id,
        adjusted.is_gap,
        adjusted.segment_id,
        adjusted.place,
        adjusted.workday,
        adjusted.workweek,
        adjusted.set_key,
        adjusted.site_id,
        adjusted.time_zone,
        lower(remains.span),
        upper(remains.span),
        adjusted.source,
        adjusted.parameter,
        adjusted.kind,
        adjusted.kind = 'paid_break'
    from adjusted
    cross join lateral unnest(tstzmultirange(tstzrange(adjusted.from_at, adjusted.to_at)) - coalesce(adjusted.deducted, '{}')) as remains (span)
    union all
    select
        employee_id, worked_shift_id, session_id, is_gap, segment_id, place, workday, workweek, set_key, site_id, time_zone, from_at, to_at,
        'deduction', parameter, 'deducted', kind = 'paid_break'
    from {{ ref('int_deductions') }}
    union all
    select
        employee_id, worked_shift_id, session_id, is_gap, segment_id, place, workday, workweek, set_key, site_id, time_zone, from_at, to_at,
        'addition', parameter, case when counts_as_work then 'work' else 'added' end, false
    from {{ ref('int_additions') }}
),

ruled as (
    select
        whole.*,
        sets.day_starts_seconds,
        {{ days_of_span('whole', 'sets') }}
    from whole
    inner join {{ ref('int_parameter_sets') }} as sets on whole.set_key = sets.set_key
),

daily as (select ruled.*, {{ each_day('ruled') }} as piece_day from ruled),

attributed as (
    select daily.*, {{ begin_on_day('daily', 'piece_day') }} as piece_from, {{ end_on_day('daily', 'piece_day') }} as piece_to
    from daily
),

dated as (
    select
        attributed.employee_id,
        attributed.worked_shift_id,
        attributed.session_id,
        attributed.segment_id,
        attributed.step,
        attributed.piece_day as workday,
        {{ week_start('attributed.piece_day', 'sets.week_starts_on') }} as workweek,
        employees.set_key,
        attributed.site_id,
        attributed.time_zone,
        attributed.piece_from as from_at,
        attributed.piece_to as to_at,
        attributed.source,
        attributed.kind,
        attributed.parameter,
        attributed.set_key as decided_set_key,
        attributed.is_paid_break,
        attributed.is_gap,
        sets.round_day_total,
        {{ seconds_between('attributed.piece_from', 'attributed.piece_to') }} as seconds
    from attributed
    inner join {{ ref('int_employees') }} as employees
        on
            attributed.employee_id = employees.employee_id
            and attributed.piece_day >= employees.valid_from
            and attributed.piece_day < employees.valid_to
    inner join {{ ref('int_parameter_sets') }} as sets on employees.set_key = sets.set_key
),

worked as (
    select
        *,
        -- A total that is rounded over a session takes presence away; one rounded over a day does not.
        case when source = 'addition' or kind = 'cut' then 0 else seconds end as gross_seconds,
        case when kind in ('work', 'paid_break') then seconds else 0 end as worked_seconds
    from dated
),

placed as (
    select
        *,
        -- Sums of integers are bigint, those of bigint decimal numbers.
        sum(worked_seconds::integer) over day_so_far - worked_seconds as day_from,
        sum(worked_seconds::integer) over day_so_far as day_to,
        sum(worked_seconds::integer) over (partition by employee_id, workday) as day_seconds
    from worked
    window day_so_far as (
        partition by employee_id, workday order by from_at, to_at, step rows between unbounded preceding and current row
    )
),

totalled as (
    select
        *,
        case when round_day_total is not null and day_seconds > 0 then {{ fn('round_duration') }}(day_seconds, round_day_total) end as day_end
    from placed
),

-- The rounded total of the day: worked seconds beyond it are cut, what is missing follows the last one.
named as (
    select totalled.*, unnest(case when totalled.day_end is null then '{kept}' else '{kept,cut,added}' end::text []) as part
    from totalled
),

parts as (
    select
        *,
        case part
            when 'kept' then from_at
            when 'cut' then {{ plus_seconds('from_at', 'greatest(day_end - day_from, 0)') }}
            else to_at
        end as part_from,
        case
            when part = 'added' then {{ plus_seconds('to_at', '(day_end - day_seconds)') }}
            when part = 'kept' and worked_seconds > 0 and day_end < day_to then {{ plus_seconds('from_at', '(day_end - day_from)') }}
            else to_at
        end as part_to,
        part = 'added' or (part = 'kept' and worked_seconds > 0) as is_worked
    from named
    where
        case
            when part = 'kept' then worked_seconds = 0 or day_end is null or day_from < day_end
            when worked_seconds = 0 then false
            when part = 'cut' then day_end < day_to
            else day_to = day_seconds and day_end > day_seconds
        end
)

select
    employee_id,
    worked_shift_id,
    session_id,
    segment_id,
    step,
    workday,
    workweek,
    set_key,
    site_id,
    time_zone,
    part_from as from_at,
    part_to as to_at,
    case part when 'kept' then source else 'rounding' end as source,
    case part when 'kept' then kind when 'cut' then 'cut' else 'work' end as kind,
    case part when 'kept' then parameter else 'rounding.day_total' end as parameter,
    case part when 'kept' then decided_set_key else set_key end as decided_set_key,
    is_gap,
    part <> 'added' and is_paid_break as is_paid_break,
    {{ seconds_between('part_from', 'part_to') }} as seconds,
    case when part = 'added' or gross_seconds = 0 then 0 else {{ seconds_between('part_from', 'part_to') }} end as gross_seconds,
    case when is_worked then {{ seconds_between('part_from', 'part_to') }} else 0 end as worked_seconds,
    -- Also what the rounding of the day's total takes away again.
    case when source = 'addition' and part <> 'added' then {{ seconds_between('part_from', 'part_to') }} else 0 end as added_seconds,
    is_worked,
    case part when 'kept' then day_from when 'cut' then day_end else day_seconds end as day_from,
    case when part = 'kept' and not is_worked then day_from when part = 'kept' then least(day_to, day_end) else day_end end as day_to
from parts
