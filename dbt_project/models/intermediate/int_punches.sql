-- Every punch of the working set and what it is taken as. Corrections and voids come first: an event is in force unless
-- an event in force supersedes or voids it. Then the punches are cut into chunks that no worked shift can cross. In a plain
-- chunk each punch is what it says it is; each other chunk is paired in one pass by pair_punches().

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
        punches.voids is null and replacements.how is null as is_in_force,
        employees.set_key,
        coalesce(sites.time_zone, employees.time_zone, 'UTC') as time_zone,
        sets.is_alternate,
        sets.gap_seconds,
        sets.max_shift_seconds,
        limits.longest_shift_seconds,
        limits.longest_gap_seconds,
        limits.all_explicit
    from punches
    left join replacements on punches.event_id = replacements.event_id
    inner join {{ ref('int_employees') }} as employees
        on punches.employee_id = employees.employee_id and punches.at >= employees.starts_at and punches.at < employees.ends_at
    inner join {{ ref('int_parameter_sets') }} as sets on employees.set_key = sets.set_key
    inner join {{ ref('int_pairing_limits') }} as limits on punches.employee_id = limits.employee_id
    left join {{ ref('stg_sites') }} as sites on punches.site_id = sites.site_id
),

following as (
    select
        *,
        lag(at) over in_time as previous_at,
        lag(at, 2) over in_time as second_previous_at,
        lag(kind) over in_time as previous_kind,
        lag(set_key) over in_time as previous_set_key
    from placed
    window in_time as (partition by employee_id, is_in_force order by occurred_at, topic_offset, event_id)
),

cut as (
    select
        *,
        previous_at is null
        or {{ seconds_between('previous_at', 'at') }} > longest_shift_seconds
        or (
            previous_kind = 'clock_out'
            -- Of several punches at one instant another may be taken last.
            and second_previous_at is distinct from previous_at
            and all_explicit
            and {{ seconds_between('previous_at', 'at') }} >= longest_gap_seconds
        ) as begins_chunk
    from following
),

chunked as (
    select
        *,
        count(*) filter (where begins_chunk) over (
            partition by employee_id, is_in_force order by occurred_at, topic_offset, event_id
            rows between unbounded preceding and current row
        ) as chunk,
        -- Whether the punch can follow the one before it without any rule to decide.
        not is_alternate and case
            when begins_chunk then kind = 'clock_in'
            else
                at > previous_at
                and set_key = previous_set_key
                and case previous_kind
                    when 'clock_in' then kind in ('break_start', 'clock_out')
                    when 'break_start' then kind = 'break_end'
                    when 'break_end' then kind in ('break_start', 'clock_out')
                    when 'clock_out' then kind = 'clock_in' and {{ seconds_between('previous_at', 'at') }} < gap_seconds
                    else false
                end
        end as follows_plainly
    from cut
),

numbered as (
    select
        *,
        row_number() over so_far as place_in_chunk,
        -- The first is that of the worked shift, the last that of the session.
        array_agg(event_id) filter (where kind = 'clock_in') over so_far as begins,
        count(*) over whole_chunk as chunk_size,
        is_in_force
        and bool_and(follows_plainly) over whole_chunk
        and {{ seconds_between('min(at) over whole_chunk', 'max(at) over whole_chunk') }} <= max_shift_seconds as is_plain
    from chunked
    window
        so_far as (
            partition by employee_id, is_in_force, chunk order by occurred_at, topic_offset, event_id
            rows between unbounded preceding and current row
        ),
        whole_chunk as (partition by employee_id, is_in_force, chunk)
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
    from numbered
    where is_in_force and not is_plain
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
        result.counts,
        result.step = max(result.step) filter (where result.taken is not null) over (
            partition by chunks.employee_id, chunks.chunk, result.shift_position
        ) as ends_shift
    from chunks
    cross join lateral {{ fn('pair_punches') }}(chunks.ats, chunks.kinds, chunks.set_keys) as result
)

select
    numbered.event_id,
    numbered.employee_id,
    numbered.kind,
    numbered.occurred_at,
    numbered.at,
    numbered.received_at,
    numbered.source,
    numbered.device_id,
    numbered.site_id,
    numbered.cost_center,
    numbered.break_type,
    numbered.supersedes,
    numbered.voids,
    numbered.attributes,
    numbered.origin,
    numbered.topic_partition,
    numbered.topic_offset,
    numbered.set_key,
    numbered.time_zone,
    case when numbered.is_plain then numbered.place_in_chunk else paired.step end::integer as step,
    case
        when numbered.is_plain then numbered.kind
        else (array['clock_in', 'clock_out', 'break_start', 'break_end'])[paired.taken]
    end as taken_as,
    coalesce(numbered.replaced, paired.unused) as unused_because,
    paired.exceptions,
    case when numbered.is_plain then numbered.begins[1] else paired.shift_event_id end::text as worked_shift_id,
    case when numbered.is_plain then numbered.begins[cardinality(numbered.begins)] else paired.session_event_id end::text as session_id,
    case
        when numbered.is_plain then numbered.place_in_chunk = 1
        else paired.taken is not null and paired.shift_event_id = numbered.event_id
    end as begins_shift,
    case
        when numbered.is_plain then numbered.kind = 'clock_in'
        else paired.taken is not null and paired.session_event_id = numbered.event_id
    end as begins_session,
    case when numbered.is_plain then numbered.place_in_chunk = numbered.chunk_size else coalesce(paired.ends_shift, false) end as ends_shift,
    coalesce(paired.counts, true) as counts
from numbered
left join paired on numbered.event_id = paired.event_id
