-- What consumers outside PostgreSQL follow: parameters of policies are announced as the changes of the User Core are, and
-- the quarantine can be read on from where a reader has come.

-- The role that loads policies may not write the outbox: who may, may forge any event. So the table announces itself.
create function policy.announce_parameter(stored policy.parameters) returns void
language sql
as $$
    insert into core.outbox (topic, record_key, headers, value)
    select
        'core.changes.v1',
        'policy_parameter:' || stored.policy || '/' || stored.parameter,
        jsonb_build_array(
            jsonb_build_array('ce_specversion', '1.0'),
            jsonb_build_array('ce_type', 'timecontrol.core-change.v1'),
            jsonb_build_array('ce_id', 'policy_parameter/' || stored.version_id),
            jsonb_build_array('ce_source', 'policy_files'),
            jsonb_build_array('content-type', 'application/json')
        ),
        convert_to(jsonb_build_object(
            'entity', 'policy_parameter',
            'id', stored.policy || '/' || stored.parameter,
            'change', case when stored.removed then 'deleted' else 'updated' end,
            'data', jsonb_build_object(
                'policy', stored.policy, 'parameter', stored.parameter,
                'valid_from', stored.valid_from, 'value', stored.value, 'reference', stored.reference
            ),
            'actor', 'policy_files',
            'at', stored.loaded_at
        )::text, 'UTF8')
$$;
comment on function policy.announce_parameter(policy.parameters) is 'Puts one version of a dated parameter into the outbox.';
revoke execute on function policy.announce_parameter(policy.parameters) from public;

create function policy.announce_parameters() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform policy.announce_parameter(new);
    return null;
end
$$;
comment on function policy.announce_parameters() is 'Announces each version that is written, in its transaction.';
revoke execute on function policy.announce_parameters() from public;
create trigger announce after insert on policy.parameters
for each row execute function policy.announce_parameters();

-- What was loaded before.
do $$
declare
    stored policy.parameters;
begin
    for stored in select distinct on (policy, parameter, valid_from) * from policy.parameters
    order by policy, parameter, valid_from, version_id desc
    loop
        perform policy.announce_parameter(stored);
    end loop;
end
$$;

create index quarantine_xid on raw.quarantine (xid, quarantine_id);
