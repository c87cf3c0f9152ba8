-- The longest work of each worked shift without a break that counts for `compliance.break_total`; one at the end of the
-- work ends it too.
with spans as (
    select
        spans.*,
        (spans.is_unpaid_break or (spans.is_paid_break and coalesce((sets.break_total ->> 'counts_paid')::boolean, false)))
        and spans.seconds >= coalesce({{ minutes_to_seconds("sets.break_total ->> 'min_block_minutes'") }}, 0) as is_counting_break
    from {{ ref('int_compliance_spans') }} as spans
    inner join {{ ref('int_parameter_sets') }} as sets on spans.set_key = sets.set_key
    where sets.longest_work_seconds is not null or sets.break_total is not null
),

stretches as (
    select
        *,
        count(*) filter (where is_counting_break) over (partition by worked_shift_id order by step) as breaks_before
    from spans
),

lengths as (
    select worked_shift_id, breaks_before, coalesce(sum(work_seconds) filter (where not is_counting_break), 0)::bigint as seconds
    from stretches
    group by worked_shift_id, breaks_before
)

select worked_shift_id, max(seconds) as longest_seconds
from lengths
group by worked_shift_id
