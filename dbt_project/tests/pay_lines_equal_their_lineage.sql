-- Every pay line is the sum of its lineage, to the second; what is not paid has no line and no seconds.
with lines as (
    select lines.pay_line_id, lines.seconds from {{ ref('fct_pay_lines') }} as lines where {{ is_tested('lines') }}
),

lineage as (
    select parts.pay_line_id, sum(parts.seconds) as seconds
    from {{ ref('fct_pay_lineage') }} as parts
    where parts.pay_line_id is not null and {{ is_tested('parts') }}
    group by parts.pay_line_id
)

select pay_line_id, lines.seconds as line_seconds, lineage.seconds as lineage_seconds
from lines
full outer join lineage using (pay_line_id)
where lines.seconds is distinct from lineage.seconds
union all
select parts.segment_id, null, parts.seconds
from {{ ref('fct_pay_lineage') }} as parts
where parts.pay_line_id is null and parts.seconds <> 0 and {{ is_tested('parts') }}
