-- pay_lines_of_period --
-- The manifest of a period and its pay lines in the order of every export, of one snapshot; one row without a line
-- where the period has none, no row where the period is not known.
select
    manifest.watermark,
    manifest.sha256,
    period.starts_on,
    period.ends_on,
    line.employee_id,
    line.workday,
    line.pay_code,
    line.source,
    line.seconds,
    line.multiplier,
    line.on_top,
    line.policy,
    line.cost_center,
    line.site_id
from payroll.manifests as manifest
inner join ledger.pay_periods as period on manifest.period = period.period
left join payroll.pay_lines as line on manifest.period = line.period
where manifest.period = :period
order by line.employee_id collate "C", line.workday, line.pay_code collate "C", line.source collate "C";

-- periods --
-- The periods that can be exported, the newest first.
select
    manifest.period,
    period.starts_on,
    period.ends_on,
    manifest.watermark,
    manifest.row_count,
    manifest.seconds,
    manifest.employee_count,
    manifest.sha256,
    manifest.computed_at
from payroll.manifests as manifest
inner join ledger.pay_periods as period on manifest.period = period.period
order by period.starts_on desc;
