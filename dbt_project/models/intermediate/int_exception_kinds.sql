-- The kinds of exceptions: how grave each is and what to do about it.
select kind, severity, detail
from (
    values
    ('repeated_punch', 'info', 'The same punch came twice within a short time; one of them is not used.'),
    ('missing_clock_in', 'error', 'A clock-in is missing before this punch; the time between does not count. Propose a correction.'),
    ('missing_clock_out', 'error', 'The clock-out of this session is missing; its time does not count. Propose a correction.'),
    ('missing_break_start', 'warning', 'A break ended that had not begun; the punch is not used. Add the begin of the break or void the punch.'),
    ('missing_break_end', 'warning', 'The break was ended by clocking out. Add the end of the break if work went on.'),
    ('open_session', 'error', 'Nobody clocked out within the longest shift; the session does not count. Add the clock-out.'),
    ('auto_clock_out', 'warning', 'The policy closed this session. Correct the clock-out if it was another time.'),
    ('overlapping_shifts', 'error', 'This scheduled shift overlaps an earlier one of the same employee. Move or delete one.'),
    ('invalid_shift', 'error', 'The legacy system has this scheduled shift with an end before its begin, or with breaks that cannot be read; these are not used. Correct it there.'),
    ('late', 'warning', 'Clocked in later than the grace allows, or not yet.'),
    ('early_leave', 'warning', 'Clocked out earlier than the grace allows.'),
    ('out_late', 'warning', 'Clocked out later than the grace allows, or not yet.'),
    ('no_show', 'error', 'No punch for this scheduled shift. Record leave or ask.'),
    ('unscheduled_work', 'warning', 'Work that matches no scheduled shift. Schedule it or check the punches.'),
    ('unknown_employee', 'error', 'Nobody knows this employee id. Add the person in HR; the punches join when they appear.'),
    ('unknown_badge', 'error', 'Nobody holds this badge at this time. Add it to the badge table; the punches join when it appears.'),
    ('no_policy', 'error', 'The employee has no policy at this date, or one that does not exist; plain hours were computed. Assign one.'),
    ('no_shift_assigned', 'info', 'The policy compares with scheduled shifts, but the employee has none.'),
    ('ambiguous_time', 'warning', 'The device recorded a local time that the clock change repeats; the first pass was taken.'),
    ('clock_drift', 'warning', 'The clock of the device differed from ours by more than the limit.'),
    ('long_break', 'warning', 'The break was longer than the policy expects.')
) as kinds (kind, severity, detail)
