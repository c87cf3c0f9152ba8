-- A rule never answers twice for one cell.
select findings.employee_id, findings.rule, findings.date
from {{ ref('fct_findings') }} as findings
where findings.rule <> 'daily_rest' and {{ is_touched('findings') }}
group by findings.employee_id, findings.rule, findings.date
having count(*) > 1
