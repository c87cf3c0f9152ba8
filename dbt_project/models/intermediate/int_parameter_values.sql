-- The parameters in force in each set: a set is a policy between two dates on which none of its parameters changes.
-- Set 0 is that of employees without a policy: only defaults.
with parameters as (
    select policy, parameter, valid_from, value, reference from {{ ref('stg_policy_parameters') }}
),

policies as (
    select policy from {{ ref('stg_policies') }}
    union
    select policy from parameters
),

breakpoints as (
    select policy, '-infinity'::date as valid_from from policies
    union
    select policy, valid_from from parameters
),

sets as (
    select
        row_number() over (order by policy, valid_from) as set_key,
        policy,
        valid_from,
        lead(valid_from, 1, 'infinity') over (partition by policy order by valid_from) as valid_to
    from breakpoints
    union all
    select 0, null, '-infinity', 'infinity'
),

newest as (
    select distinct on (sets.set_key, parameters.parameter)
        sets.set_key, parameters.parameter, parameters.value, parameters.valid_from, parameters.reference
    from sets
    inner join parameters on sets.policy = parameters.policy and sets.valid_from >= parameters.valid_from
    order by sets.set_key, parameters.parameter, parameters.valid_from desc
)

select
    sets.set_key::integer as set_key,
    sets.policy,
    sets.valid_from as set_valid_from,
    sets.valid_to as set_valid_to,
    newest.parameter,
    newest.value,
    newest.valid_from as parameter_valid_from,
    newest.reference
from sets
left join newest on sets.set_key = newest.set_key and jsonb_typeof(newest.value) <> 'null'
