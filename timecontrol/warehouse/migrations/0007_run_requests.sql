-- What somebody asked a run to compute anew although no input changed (`recompute_day`).
create table ops.run_requests (
    run_id bigint not null references ops.runs,
    employee_id text,
    from_day date not null,
    to_day date not null,
    check (to_day >= from_day)
);
comment on column ops.run_requests.employee_id is 'NULL: every employee who has anything on these days.';
create index run_requests_run on ops.run_requests (run_id);
grant select, insert on ops.run_requests to transform;
grant select on ops.run_requests to operator;
