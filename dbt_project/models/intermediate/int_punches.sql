-- Every punch of the working set and what it is taken as. Corrections and voids come first: an event is in force unless
-- an event in force supersedes or voids it. Then the punches are cut into chunks that no worked shift can cross, and
-- each chunk is paired in one pass by pair_punches().
{{ config(post_hook=["create index on {{ this }} (employee_id, at)", "analyze {{ this }}"]) }}

with punches as (
    select punches.*
    from {{ ref('int_known_punches') }} as punches
    {%- if not full_run() %}
    inner join {{ ref('int_touched_ranges') }} as ranges
        on punches.employee_id = ranges.employee_id and punches.occurred_at >= ranges.from_at and punches.occurred_at < ranges.to_at
    {%- endif %}
),

replacements as (
    select distinct on (targets.event_id) targets.event_id, targets.how
    from (
        select supersedes as event_id, event_id as replaced_by, 'superseded' as how, source = 'legacy_hr' as for_good
        from {{ ref('stg_punches') }} where supersedes is not null
        union all
        select voids, event_id, 'voided', false from {{ ref('stg_punches') }} where voids is not null
    ) as targets
    where
        {% if not full_run() %}targets.event_id in (select punches.event_id from punches) and {% endif -%}
        (targets.for_good or {{ fn('is_in_force') }}(targets.replaced_by, 0))
    order by targets.event_id, targets.how
),

placed as (
    select
        punches.*,
        case when punches.voids is not null then 'void' else replacements.how end as replaced,
        employees.set_key,
        coalesce(sites.time_zone, employees.time_zone, 'UTC') as time_zone
    from punches
    left join replacements on punches.event_id = replacements.event_id
    inner join {{ ref('int_employees') }} as employees
        on punches.employee_id = employees.employee_id and punches.at >= employees.starts_at and punches.at < employees.ends_at
    left join {{ ref('stg_sites') }} as sites on punches.site_id = sites.site_id
),

in_force as (
    select
        *,
        lag(at) over in_time as previous_at,
        lag(at, 2) over in_time as second_previous_at,
        lag(kind) over in_time as previous_kind
    from placed
    where replaced is null
    window in_time as (partition by employee_id order by occurred_at, topic_offset, event_id)
),

chunked as (
    select
        in_force.*,
        count(*) filter (
            where in_force.previous_at is null
            or {{ seconds_between('in_force.previous_at', 'in_force.at') }} > limits.longest_shift_seconds
            or (
                in_force.previous_kind = 'clock_out'
                -- Of several punches at one instant another may be taken last.
                and in_force.second_previous_at is distinct from in_force.previous_at
                and limits.all_explicit
                and {{ seconds_between('in_force.previous_at', 'in_force.at') }} >= limits.longest_gap_seconds
            )
        ) over (partition by in_force.employee_id order by in_force.occurred_at, in_force.topic_offset, in_force.event_id) as chunk
    from in_force
    inner join {{ ref('int_pairing_limits') }} as limits on in_force.employee_id = limits.employee_id
),

chunks as (
    select
        employee_id,
        chunk,
        array_agg(event_id order by occurred_at, topic_offset, event_id) as event_ids,
        array_agg({{ epoch('at') }} order by occurred_at, topic_offset, event_id) as ats,
        array_agg(
            case kind when 'clock_in' then 1 when 'clock_out' then 2 when 'break_start' then 3 when 'break_end' then 4 else 0 end
            order by occurred_at, topic_offset, event_id
        ) as kinds,
        array_agg(set_key order by occurred_at, topic_offset, event_id) as set_keys
    from chunked
    group by employee_id, chunk
),

paired as (
    select
        chunks.event_ids[result.place] as event_id,
        result.step,
        result.taken,
        result.unused,
        result.exceptions,
        chunks.event_ids[result.shift_position] as shift_event_id,
        chunks.event_ids[result.session_position] as session_event_id,
        result.counts
    from chunks
    cross join lateral {{ fn('pair_punches') }}(chunks.ats, chunks.kinds, chunks.set_keys) as result
)

select
    placed.event_id,
    placed.employee_id,
    placed.kind,
    placed.occurred_at,
    placed.at,
    placed.received_at,
    placed.source,
    placed.device_id,
    placed.site_id,
    placed.cost_center,
    placed.break_type,
    placed.supersedes,
    placed.voids,
    placed.attributes,
    placed.origin,
    placed.topic_partition,
    placed.topic_offset,
    placed.set_key,
    placed.time_zone,
    paired.step,
    case paired.taken when 1 then 'clock_in' when 2 then 'clock_out' when 3 then 'break_start' when 4 then 'break_end' end as taken_as,
    coalesce(placed.replaced, paired.unused) as unused_because,
    paired.exceptions,
    paired.shift_event_id::text as worked_shift_id,
    paired.session_event_id::text as session_id,
    paired.taken is not null and paired.shift_event_id = placed.event_id as begins_shift,
    paired.taken is not null and paired.session_event_id = placed.event_id as begins_session,
    coalesce(paired.counts, true) as counts
from placed
left join paired on placed.event_id = paired.event_id
