-- What the pieces of each worked shift come to: read once here for the models that need one number of it.
select
    worked_shift_id,
    sum(gross_seconds)::bigint as gross_seconds,
    sum(worked_seconds)::bigint as worked_seconds,
    coalesce(sum(seconds) filter (where kind = 'unpaid_break'), 0)::bigint as unpaid_break_seconds,
    coalesce(sum(gross_seconds) filter (where is_paid_break), 0)::bigint as paid_break_seconds,
    coalesce(sum(seconds) filter (where kind = 'deducted'), 0)::bigint as auto_deducted_seconds,
    sum(added_seconds)::bigint as auto_added_seconds,
    sum(seconds) filter (where is_worked or kind = 'added')::bigint as paid_seconds
from {{ ref('int_pieces') }}
group by worked_shift_id
