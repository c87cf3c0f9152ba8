-- parameters --
-- The newest version of every dated parameter that was not removed: what the files said when they were last loaded.
select newest.policy, newest.parameter, newest.valid_from, newest.value, newest.reference, newest.file, newest.line
from (
    select distinct on (policy, parameter, valid_from) *
    from policy.parameters
    order by policy, parameter, valid_from, version_id desc
) as newest
where not newest.removed;

-- policies --
-- The newest version of every policy that was not removed.
select newest.policy, newest.title, newest.extends
from (
    select distinct on (policy) *
    from policy.policies
    order by policy, version_id desc
) as newest
where not newest.removed;

-- pay_codes --
-- The newest version of every pay code that was not removed.
select newest.pay_code, newest.title, newest.multiplier, newest.on_top
from (
    select distinct on (pay_code) *
    from policy.pay_codes
    order by pay_code, version_id desc
) as newest
where not newest.removed;
