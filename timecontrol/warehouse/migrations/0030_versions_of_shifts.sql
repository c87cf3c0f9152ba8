-- A run reads the shifts around the stretches that it touches, and the versions that came since the run before.
create index shifts_employee_end on core.shifts (employee_id, ends_at);
create index shifts_xid on core.shifts using brin (xid) with (pages_per_range = 32);
