-- The legacy HR system's own schema, which we read and never change. In the stack its set-up makes it; the binary log
-- must be on (server options: docs/hr-image.md). Every DATETIME holds UTC. No foreign keys with cascades: they change
-- rows without a trace in the binary log.

create table if not exists sites (
    site_id varchar(64) not null primary key,
    name varchar(200) not null,
    time_zone varchar(64) not null
) engine = innodb;

create table if not exists employees (
    employee_id varchar(64) not null primary key,
    name varchar(200) not null,
    email varchar(200) null,
    site_id varchar(64) null,
    team varchar(64) null,
    manager_id varchar(64) null,
    cost_center varchar(64) null,
    policy varchar(64) null,
    hired_on date not null,
    left_on date null,
    facts json null
) engine = innodb;

create table if not exists badges (
    badge_id varchar(128) not null primary key,
    device_id varchar(64) not null,
    device_user varchar(64) not null,
    employee_id varchar(64) not null,
    valid_from datetime not null,
    valid_to datetime null
) engine = innodb;

create table if not exists schedules (
    schedule_id varchar(128) not null primary key,
    employee_id varchar(64) not null,
    starts_at datetime not null,
    ends_at datetime not null,
    breaks json null
) engine = innodb;

create table if not exists holidays (
    site_id varchar(64) not null,
    holiday date not null,
    name varchar(200) not null,
    primary key (site_id, holiday)
) engine = innodb;

create table if not exists attendance (
    attendance_id bigint not null primary key,
    employee_id varchar(64) not null,
    kind varchar(32) not null,
    punched_at datetime(6) not null,
    break_type varchar(32) null,
    updated_at timestamp(6) not null default current_timestamp(6) on update current_timestamp(6)
) engine = innodb;
