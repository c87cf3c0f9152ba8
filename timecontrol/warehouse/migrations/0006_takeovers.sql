-- What follows a run of the models (payroll's tables) must miss none: it remembers the run it has taken over, compares
-- only what the next run touched, and everything where it missed one.

create table ops.takeovers (
    taker text primary key,
    run_id bigint not null references ops.runs,
    taken_at timestamptz not null default now()
);
comment on table ops.takeovers is 'The run whose results each follower of the marts holds.';
grant select, insert, update on ops.takeovers to transform;
grant select on ops.takeovers to operator, reader;
