-- Work and breaks of the working set as findings read them: raw, or rounded where the policy has
-- `compliance.use_rounded`, totals too. Paid breaks are work; automatic deductions are not breaks.
{{ config(materialized='view', post_hook=[]) }}

with sets as (select * from {{ ref('int_parameter_sets') }}),

-- A break that the rounding of the break total made longer is one.
rounded as (
    select
        pieces.employee_id,
        pieces.workweek,
        pieces.workday,
        pieces.worked_shift_id,
        min(pieces.place) as step,
        pieces.set_key,
        pieces.time_zone,
        case when pieces.kind <> 'work' or pieces.source = 'segment' then pieces.break_type end as break_type,
        pieces.kind = 'unpaid_break' as is_unpaid_break,
        pieces.kind = 'paid_break' as is_paid_break,
        min(pieces.from_at) as from_at,
        max(pieces.to_at) as to_at
    from {{ ref('int_rounded_time') }} as pieces
    inner join sets on pieces.set_key = sets.set_key
    where pieces.kind <> 'cut' and sets.findings_use_rounded
    group by
        pieces.employee_id, pieces.workweek, pieces.workday, pieces.worked_shift_id, pieces.segment_id, pieces.set_key, pieces.time_zone,
        pieces.kind, case when pieces.kind <> 'work' or pieces.source = 'segment' then pieces.break_type end
),

spans as (
    select
        segments.employee_id,
        segments.workweek,
        segments.workday,
        segments.worked_shift_id,
        segments.step,
        segments.set_key,
        segments.time_zone,
        segments.break_type,
        segments.kind = 'break' and segments.treated_as = 'unpaid' as is_unpaid_break,
        segments.kind = 'break' and segments.treated_as = 'paid' as is_paid_break,
        case when sets.findings_use_rounded then segments.rounded_start else segments.started_at end as from_at,
        case when sets.findings_use_rounded then segments.rounded_end else segments.ended_at end as to_at
    from {{ ref('int_segments') }} as segments
    inner join sets on segments.set_key = sets.set_key
    where segments.kind in ('work', 'break') and not (sets.findings_use_rounded and sets.adjusts_shifts)
    union all
    select * from rounded
)

select spans.*, sets.has_findings, sets.attribution, sets.day_starts_seconds, sets.week_starts_on
from spans
inner join sets on spans.set_key = sets.set_key
where spans.to_at > spans.from_at
