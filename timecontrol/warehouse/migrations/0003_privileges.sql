-- Least rights. Writers of append-only tables may insert and read, never update or delete, and never set `xid`.

revoke all on schema public from public;

grant usage on schema raw, core, policy, ops, ledger, payroll to operator;
grant usage on schema raw, core to ingest;
grant usage on schema core, raw, policy, ops to core;
grant usage on schema raw, core, policy, ops, ledger, payroll to transform;
grant usage on schema ops to reader, ingest;
grant usage on schema ledger, payroll to payroll, reader;

-- Rights to insert into every column but the transaction id.
create procedure ops.grant_insert(table_name regclass, role_name name)
language plpgsql
as $$
declare
    column_list text;
begin
    select string_agg(quote_ident(attname), ', ')
    into column_list
    from pg_attribute
    where attrelid = table_name and attnum > 0 and not attisdropped and attname <> 'xid';
    execute format('grant insert (%s), select on %s to %I', column_list, table_name, role_name);
end
$$;

do $$
declare
    relation regclass;
begin
    for relation in select oid::regclass from pg_class where relnamespace = 'raw'::regnamespace and relkind = 'r' loop
        call ops.grant_insert(relation, 'ingest');
    end loop;
    for relation in select oid::regclass from pg_class where relnamespace = 'core'::regnamespace and relkind = 'r' loop
        call ops.grant_insert(relation, 'core');
    end loop;
    for relation in select oid::regclass from pg_class where relnamespace = 'policy'::regnamespace and relkind = 'r' loop
        call ops.grant_insert(relation, 'transform');
    end loop;
end
$$;

grant update (next_offset, moved_at) on raw.positions to ingest;
grant update, delete on raw.hr_image to ingest;
grant update (finished_at) on raw.hr_snapshots to ingest;
grant select on core.badges, core.sites, core.employees to ingest;
call ops.grant_insert('core.outbox', 'ingest');
grant delete on core.outbox to ingest;

grant update (password_hash, roles, active, employee_id) on core.accounts to core;
grant update (expires_at, revoked_at) on core.tokens to core;
grant select on raw.hr_image, raw.punches, raw.punch_ids, raw.quarantine, raw.quarantine_resolutions to core;
call ops.grant_insert('raw.quarantine_resolutions', 'core');

grant select on all tables in schema raw, core to transform;
revoke select on core.accounts, core.tokens from transform;
grant select, insert, update on ops.runs to transform;
grant select on ops.heartbeat, ops.employee_now to transform;
grant select, insert, update, delete on all tables in schema ledger, payroll to transform;

grant select, insert, update on ops.heartbeat to ingest;
grant select on ops.heartbeat, ops.runs to reader, ingest, core;

grant select on all tables in schema ledger, payroll to payroll, reader;

-- dbt owns its schemas and may make more (scratch schemas of case runs); readers see the marts and nothing else of dbt's.
create schema staging authorization transform;
create schema intermediate authorization transform;
create schema marts authorization transform;
grant usage on schema marts to reader, core, operator;
alter default privileges for role transform in schema marts grant select on tables to reader, core, operator;
do $$
begin
    execute format('grant create on database %I to transform', current_database());
end
$$;
