-- days --
-- Every workday of every case; all statements of this file are run with the marts' schema as search path.
select
    employee_id, workday as date, workweek as week, first_in, last_out,
    gross_seconds, worked_seconds, paid_seconds, unpaid_break_seconds, paid_break_seconds, auto_deducted_seconds,
    auto_added_seconds, scheduled_seconds, balance_seconds, late_seconds, early_leave_seconds
from fct_workdays
order by employee_id, workday;

-- worked_shifts --
-- Every worked shift of every case.
select
    employee_id, workday as date, started_at as "start", ended_at as "end", session_count, matched_shift_start,
    rest_before_seconds, earliest_next_start
from fct_worked_shifts
order by employee_id, started_at;

-- sessions --
-- Every session of every case, raw and rounded, with its breaks and what was deducted from it.
select
    employee_id, in_at as "in", out_at as "out", rounded_in_at as rounded_in, rounded_out_at as rounded_out, worked_seconds,
    breaks, deductions
from fct_sessions
order by employee_id, in_at, out_at;

-- shift_outcomes --
-- What became of every scheduled shift of every case, and work without one.
select employee_id, shift_start, shift_end, outcome, window_start, window_end
from fct_shift_outcomes
order by employee_id, shift_start, workday;

-- findings --
-- Every finding of every case.
select employee_id, rule, date, status, reason, required_minutes, actual_minutes
from fct_findings
order by employee_id, date, rule;

-- exceptions --
-- Every exception of every case.
select employee_id, kind, at, workday as date
from fct_exceptions
order by employee_id, at, kind;

-- pay_lines --
-- Every pay line of every case.
select employee_id, workday as date, workweek as week, pay_code, seconds, source
from fct_pay_lines
order by employee_id, workday, pay_code, source;
