-- Why each pay line is what it is: its seconds by segment (hence punches), and the parameter that decided. Presence that a
-- deduction or the rounding of a total takes away belongs to no pay line: it has its place and no seconds.
{{ config(indexes=[{'columns': ['employee_id', 'workweek']}]) }}

with pieces as not materialized (select * from {{ ref('int_pieces') }}),

segments as (select segment_id, start_event_id, end_event_id from {{ ref('int_segments') }}),

parts as (
    select
        base.employee_id,
        base.workweek,
        base.workday,
        base.pay_code,
        'work' as line_source,
        pieces.source,
        pieces.segment_id,
        least(base.day_to, pieces.day_to) - greatest(base.day_from, pieces.day_from) as seconds,
        {{ plus_seconds('pieces.from_at', '(greatest(base.day_from, pieces.day_from) - pieces.day_from)') }} as from_at,
        {{ plus_seconds('pieces.from_at', '(least(base.day_to, pieces.day_to) - pieces.day_from)') }} as to_at,
        coalesce(pieces.parameter, base.parameter) as parameter,
        case when pieces.parameter is null then base.set_key else pieces.decided_set_key end as set_key
    from {{ ref('int_base_pay') }} as base
    inner join pieces
        on
            pieces.is_worked
            and base.employee_id = pieces.employee_id
            and base.workday = pieces.workday
            and base.day_from < pieces.day_to
            and base.day_to > pieces.day_from
    union all
    select employee_id, workweek, workday, pay_code, source, source, segment_id, seconds,  -- noqa: AL08 of the line and of its part
    from_at, to_at, parameter, set_key
    from {{ ref('int_extra_pay') }}
    union all
    select employee_id, workweek, workday, pay_code, 'premium', 'premium', segment_id, seconds, from_at, to_at, parameter, set_key
    from {{ ref('int_premiums') }}
    union all
    select employee_id, workweek, workday, null, null, source, segment_id, 0, from_at, to_at, parameter, decided_set_key
    from pieces
    where not is_worked and kind <> 'added' and parameter is not null
)

select
    parts.employee_id || '|' || parts.workday || '|' || parts.pay_code || '|' || parts.line_source as pay_line_id,
    parts.employee_id,
    parts.workweek,
    parts.workday,
    parts.source,
    parts.segment_id,
    parts.seconds,
    parts.from_at,
    parts.to_at,
    segments.start_event_id,
    segments.end_event_id,
    parts.parameter,
    decided.parameter_valid_from,
    decided.reference
from parts
left join segments on parts.segment_id = segments.segment_id
left join {{ ref('int_parameter_values') }} as decided on parts.set_key = decided.set_key and parts.parameter = decided.parameter
where {{ is_touched('parts') }}
