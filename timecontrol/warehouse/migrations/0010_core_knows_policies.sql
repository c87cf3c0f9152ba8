-- The User Core refuses to assign a policy that there is not.
grant select on policy.policies to core;
