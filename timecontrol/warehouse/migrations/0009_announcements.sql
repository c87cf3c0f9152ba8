-- What consumers outside PostgreSQL follow: parameters of policies are announced as the changes of the User Core are, and
-- the quarantine can be read on from where a reader has come.

-- The role that loads policies may not write the outbox: who may, may forge any event. So the table announces itself.
create function policy.announce_parameter() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into core.outbox (topic, record_key, headers, value)
    values (
        'core.changes.v1',
        'policy_parameter:' || new.policy || '/' || new.parameter,
        jsonb_build_array(
            jsonb_build_array('ce_specversion', '1.0'),
            jsonb_build_array('ce_type', 'timecontrol.core-change.v1'),
            jsonb_build_array('ce_id', 'policy_parameter/' || new.version_id),
            jsonb_build_array('ce_source', 'policy_files'),
            jsonb_build_array('content-type', 'application/json')
        ),
        convert_to(jsonb_build_object(
            'entity', 'policy_parameter',
            'id', new.policy || '/' || new.parameter,
            'change', case when new.removed then 'deleted' else 'updated' end,
            'data', jsonb_build_object(
                'policy', new.policy, 'parameter', new.parameter,
                'valid_from', new.valid_from, 'value', new.value, 'reference', new.reference
            ),
            'actor', 'policy_files',
            'at', new.loaded_at
        )::text, 'UTF8')
    );
    return null;
end
$$;
comment on function policy.announce_parameter() is 'Announces each version of a dated parameter in the transaction that writes it.';
revoke execute on function policy.announce_parameter() from public;
create trigger announce after insert on policy.parameters
for each row execute function policy.announce_parameter();

-- What was loaded before is announced by being written once more.
insert into policy.parameters (policy, parameter, valid_from, value, reference, file, line, removed)
select distinct on (policy, parameter, valid_from) policy, parameter, valid_from, value, reference, file, line, removed
from policy.parameters
order by policy, parameter, valid_from, version_id desc;

create index quarantine_xid on raw.quarantine (xid, quarantine_id);
