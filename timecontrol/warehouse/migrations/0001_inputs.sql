-- The inputs of every computation, and what capture needs to write them exactly once.
--
-- Inputs are append-only: a change is a new version, a delete is a version with `deleted`, and each row carries the
-- id of the transaction that wrote it. A run of the models reads rows with xid < its watermark
-- (pg_snapshot_xmin), so a row that commits late is read by the next run and none is skipped.
--
-- `xid` is a bigint: BRIN has no operator class for xid8. Nobody but the owner may set it (column privileges in
-- 0003_privileges.sql), which holds as much as a trigger would and costs a COPY nothing.

create schema raw;
comment on schema raw is 'What was captured, as it was captured: append-only, written by ingestion only.';

create function raw.current_xid() returns bigint
language sql stable parallel safe
return (pg_current_xact_id()::text)::bigint;
comment on function raw.current_xid() is 'Id of the writing transaction, 64 bits (epoch included), as a bigint.';

-- Dedup key of every punch ever captured; never partitioned by time, never archived.
create table raw.punch_ids (
    event_id uuid primary key,
    content_hash bytea not null check (octet_length(content_hash) = 16)
);
comment on column raw.punch_ids.content_hash is
'BLAKE2b-128 of the parsed event: instants in UTC, keys sorted, without received_at.';

create table raw.punches (
    event_id uuid not null,
    employee_id text not null,
    kind text not null check (kind in ('clock_in', 'clock_out', 'break_start', 'break_end', 'unknown')),
    occurred_at timestamptz not null,
    received_at timestamptz not null,
    source text not null,
    device_id text not null,
    site_id text,
    cost_center text,
    break_type text check (break_type in ('meal', 'rest', 'other', 'sleep')),
    supersedes uuid,
    voids uuid,
    reason text,
    actor text,
    attributes jsonb,
    origin text,
    topic_partition integer not null,
    topic_offset bigint not null,
    batch_id bigint not null,
    xid bigint not null default raw.current_xid()
);
comment on table raw.punches is 'Every accepted punch event once, in the words of the punch contract.';
comment on column raw.punches.origin is
'Where the source read it: file:<sha256>#<line>, mysql:<gtid>#<row>, api:<token id>; not part of the content hash.';
create index punches_employee_instant on raw.punches (employee_id, occurred_at);
-- Corrections and voids are few; the models look up what replaced a punch by these.
create index punches_supersedes on raw.punches (supersedes) where supersedes is not null;
create index punches_voids on raw.punches (voids) where voids is not null;
create index punches_xid on raw.punches using brin (xid) with (pages_per_range = 32);
create index punches_offset on raw.punches using brin (topic_offset) with (pages_per_range = 32);

-- One row for each (transaction, partition): what became of a run of offsets.
create table raw.batches (
    batch_id bigint generated always as identity primary key,
    cluster_id text not null,
    topic_id text not null,
    topic text not null,
    partition integer not null,
    first_offset bigint not null,
    last_offset bigint not null,
    row_count integer not null,
    repeat_count integer not null,
    quarantined_count integer not null,
    committed_at timestamptz not null default now(),
    xid bigint not null default raw.current_xid()
);
create unique index batches_place on raw.batches (cluster_id, topic_id, partition, first_offset);

-- The only truth about how far a partition has been read; the group's committed offset is a hint.
create table raw.positions (
    cluster_id text not null,
    topic_id text not null,
    partition integer not null,
    topic text not null,
    next_offset bigint not null,
    moved_at timestamptz not null default now(),
    primary key (cluster_id, topic_id, partition)
);

create table raw.quarantine (
    quarantine_id bigint generated always as identity primary key,
    source text not null,
    place text not null,
    code text not null,
    reason text not null,
    payload bytea not null,
    record_key bytea,
    headers jsonb,
    topic text,
    topic_partition integer,
    topic_offset bigint,
    file_sha256 text,
    file_line integer,
    batch_id bigint,
    quarantined_at timestamptz not null default now(),
    xid bigint not null default raw.current_xid()
);
comment on table raw.quarantine is 'What was refused: the bytes, the place and the reason. Never retried, replayed by hand.';
create unique index quarantine_place on raw.quarantine (source, place);
create index quarantine_quarantined_at on raw.quarantine (quarantined_at);

create table raw.quarantine_resolutions (
    quarantine_id bigint not null references raw.quarantine,
    action text not null check (action in ('replayed', 'discarded')),
    actor text not null,
    reason text,
    resolved_at timestamptz not null default now(),
    xid bigint not null default raw.current_xid()
);

-- Device files that were read to the end; the bytes stay in the archive folder under their SHA-256.
create table raw.files (
    file_sha256 text primary key,
    file_name text not null,
    format text not null,
    site_id text not null,
    device_id text not null,
    time_zone text not null,
    mapping jsonb,
    byte_count bigint not null,
    line_count integer not null,
    punch_count integer not null,
    quarantined_count integer not null,
    imported_by text not null,
    imported_at timestamptz not null default now(),
    xid bigint not null default raw.current_xid()
);

-- The legacy HR database: every version of every row, and its present image.
create table raw.hr_snapshots (
    snapshot_id uuid primary key,
    started_gtid text not null,
    started_at timestamptz not null,
    finished_at timestamptz,
    xid bigint not null default raw.current_xid()
);

create table raw.hr_versions (
    version_id bigint generated always as identity primary key,
    table_name text not null,
    row_key text not null,
    op text not null check (op in ('snapshot', 'insert', 'update', 'delete')),
    deleted boolean not null,
    row_data jsonb,
    gtid text not null,
    row_number bigint not null,
    snapshot_id uuid,
    changed_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    topic_partition integer not null,
    topic_offset bigint not null,
    xid bigint not null default raw.current_xid()
);
comment on column raw.hr_versions.row_key is 'Primary key of the row as a JSON array text, e.g. ["E001"].';
comment on column raw.hr_versions.row_data is 'The row by column name; NULL for a delete. Encodings: docs/hr-image.md.';
create index hr_versions_row on raw.hr_versions (table_name, row_key, version_id);
create index hr_versions_xid on raw.hr_versions using brin (xid) with (pages_per_range = 32);

create table raw.hr_image (
    table_name text not null,
    row_key text not null,
    row_data jsonb not null,
    gtid text not null,
    row_number bigint not null,
    snapshot_id uuid,
    version integer not null,
    primary key (table_name, row_key)
);
comment on column raw.hr_image.version is 'Grows by one with each change of the row; names the punch events of legacy punches.';

create schema core;
comment on schema core is 'What people decide: schedules, leave, corrections, accounts; append-only but for the outbox.';

create table core.sites (
    version_id bigint generated always as identity primary key,
    site_id text not null,
    name text not null,
    time_zone text not null,
    deleted boolean not null default false,
    actor text not null,
    recorded_at timestamptz not null default now(),
    xid bigint not null default raw.current_xid()
);

create table core.employees (
    version_id bigint generated always as identity primary key,
    employee_id text not null,
    valid_from date not null default '-infinity',
    name text not null,
    email text,
    site_id text,
    team text,
    manager_id text,
    time_zone text,
    cost_center text,
    active boolean not null default true,
    facts jsonb not null default '{}',
    deleted boolean not null default false,
    actor text not null,
    recorded_at timestamptz not null default now(),
    xid bigint not null default raw.current_xid()
);
comment on column core.employees.valid_from is 'The version holds from this date until the next valid_from of the employee.';
comment on column core.employees.facts is 'What rules ask for: meal_waiver_first, meal_waiver_second, minor, night_worker.';
create index employees_employee on core.employees (employee_id, valid_from);

create table core.policy_assignments (
    version_id bigint generated always as identity primary key,
    employee_id text not null,
    valid_from date not null default '-infinity',
    policy text,
    deleted boolean not null default false,
    actor text not null,
    recorded_at timestamptz not null default now(),
    xid bigint not null default raw.current_xid()
);
create index policy_assignments_employee on core.policy_assignments (employee_id, valid_from);

create table core.badges (
    version_id bigint generated always as identity primary key,
    device_id text not null,
    device_user text not null,
    employee_id text not null,
    valid_from timestamptz not null default '-infinity',
    valid_to timestamptz not null default 'infinity',
    deleted boolean not null default false,
    actor text not null,
    recorded_at timestamptz not null default now(),
    xid bigint not null default raw.current_xid()
);
comment on table core.badges is
'Which employee a user number of a device is, by dates; device_id * holds for every device without a row of its own.';
create index badges_user on core.badges (device_id, device_user);

create table core.shifts (
    version_id bigint generated always as identity primary key,
    shift_id text not null,
    employee_id text not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    breaks jsonb not null default '[]',
    site_id text,
    pattern_id text,
    deleted boolean not null default false,
    actor text not null,
    recorded_at timestamptz not null default now(),
    xid bigint not null default raw.current_xid(),
    check (ends_at > starts_at)
);
comment on column core.shifts.breaks is 'Scheduled breaks: [{"start": instant, "end": instant, "paid": boolean}], UTC RFC 3339.';
create index shifts_employee on core.shifts (employee_id, starts_at);
create index shifts_shift on core.shifts (shift_id, version_id);

create table core.shift_patterns (
    version_id bigint generated always as identity primary key,
    pattern_id text not null,
    employee_id text not null,
    valid_from date not null,
    valid_to date,
    week jsonb not null,
    deleted boolean not null default false,
    actor text not null,
    recorded_at timestamptz not null default now(),
    xid bigint not null default raw.current_xid()
);
comment on column core.shift_patterns.week is
'[{"weekday": "monday", "start": "08:00", "end": "16:30", "breaks": [{"start": "12:00", "end": "12:30", "paid": false}]}], local; the shifts themselves stand in core.shifts.';

create table core.leave (
    version_id bigint generated always as identity primary key,
    leave_id text not null,
    employee_id text not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    first_day date,
    last_day date,
    leave_type text not null default 'leave',
    status text not null default 'approved' check (status in ('requested', 'approved', 'refused')),
    deleted boolean not null default false,
    actor text not null,
    recorded_at timestamptz not null default now(),
    xid bigint not null default raw.current_xid(),
    check (ends_at > starts_at)
);
comment on column core.leave.first_day is 'With last_day: whole local days, which then count by date; both NULL for part of a day.';
create index leave_employee on core.leave (employee_id, starts_at);

create table core.holidays (
    version_id bigint generated always as identity primary key,
    site_id text not null,
    holiday date not null,
    name text not null,
    deleted boolean not null default false,
    actor text not null,
    recorded_at timestamptz not null default now(),
    xid bigint not null default raw.current_xid()
);

create table core.corrections (
    version_id bigint generated always as identity primary key,
    correction_id uuid not null,
    employee_id text not null,
    status text not null check (status in ('proposed', 'approved', 'refused')),
    change jsonb not null,
    reason text not null,
    actor text not null,
    recorded_at timestamptz not null default now(),
    xid bigint not null default raw.current_xid()
);
comment on column core.corrections.change is
'{"action": "add" | "replace" | "void", "event_id": the punch concerned, "punch": the new punch}; approval writes the outbox.';
create index corrections_correction on core.corrections (correction_id, version_id);

-- Rows leave when Kafka has acknowledged them; written in the transaction of the change that they announce.
create table core.outbox (
    outbox_id bigint generated always as identity primary key,
    topic text not null,
    record_key text not null,
    headers jsonb not null,
    value bytea not null,
    created_at timestamptz not null default now()
);

create table core.accounts (
    account_id uuid primary key,
    login text not null unique,
    employee_id text,
    password_hash text not null,
    roles text [] not null,
    active boolean not null default true,
    created_at timestamptz not null default now()
);

create table core.tokens (
    token_id uuid primary key,
    token_hash bytea not null unique,
    kind text not null check (kind in ('device', 'person')),
    account_id uuid references core.accounts,
    device_id text,
    site_id text,
    expires_at timestamptz,
    revoked_at timestamptz,
    created_at timestamptz not null default now(),
    created_by text not null
);

create table core.administrative_acts (
    act_id bigint generated always as identity primary key,
    actor text not null,
    act text not null,
    subject text not null,
    detail jsonb not null default '{}',
    acted_at timestamptz not null default now(),
    xid bigint not null default raw.current_xid()
);
comment on table core.administrative_acts is 'Who did what to whom, written in the transaction of the act itself.';

create schema policy;
comment on schema policy is 'Policies as loaded from YAML: flat dated parameters with their references.';

create table policy.policies (
    version_id bigint generated always as identity primary key,
    policy text not null,
    title text not null,
    extends text,
    removed boolean not null default false,
    loaded_at timestamptz not null default now(),
    xid bigint not null default raw.current_xid()
);

create table policy.parameters (
    version_id bigint generated always as identity primary key,
    policy text not null,
    parameter text not null,
    valid_from date not null,
    value jsonb not null,
    reference text,
    file text not null,
    line integer not null,
    removed boolean not null default false,
    loaded_at timestamptz not null default now(),
    xid bigint not null default raw.current_xid()
);
comment on table policy.parameters is
'Resolved (extends applied): on a date the newest entry not later than it counts; JSON null means abolished. The newest version of a (policy, parameter, valid_from) counts.';
create index parameters_key on policy.parameters (policy, parameter, valid_from, version_id);

create table policy.pay_codes (
    version_id bigint generated always as identity primary key,
    pay_code text not null,
    title text not null,
    multiplier numeric(6, 3) not null,
    on_top boolean not null,
    removed boolean not null default false,
    loaded_at timestamptz not null default now(),
    xid bigint not null default raw.current_xid()
);

create schema ops;
comment on schema ops is 'What the system knows of itself: runs of the models with their watermarks, the heartbeat.';

create table ops.runs (
    run_id bigint generated always as identity primary key,
    previous_watermark bigint not null,
    watermark bigint not null,
    now_at timestamptz not null,
    full_refresh boolean not null,
    reason text not null,
    status text not null check (status in ('running', 'succeeded', 'failed')),
    touched_weeks integer,
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    error text
);
comment on column ops.runs.watermark is 'The run read input rows with xid < this; the next run begins here.';
comment on column ops.runs.now_at is 'The instant that every model takes as now.';
create unique index runs_one_running on ops.runs (status) where status = 'running';

-- Empty in production. A case run gives each employee its own now, so that thousands of cases run in one pass.
create table ops.employee_now (
    employee_id text primary key,
    now_at timestamptz not null
);
comment on table ops.employee_now is 'Overrides the run''s now_at for an employee; only case runs write it.';

create table ops.heartbeat (
    name text primary key,
    beat_at timestamptz not null
);
comment on table ops.heartbeat is 'One row, written each second on the primary: its age on the replica is the replica''s delay.';
