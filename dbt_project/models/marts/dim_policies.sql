-- Dated parameters of each policy with their references.
{{ config(touched_by='all') }}

select
    parameters.policy,
    coalesce(policies.title, parameters.policy) as title,
    parameters.parameter,
    parameters.valid_from,
    parameters.value,
    parameters.reference
from {{ ref('stg_policy_parameters') }} as parameters
left join {{ ref('stg_policies') }} as policies on parameters.policy = policies.policy
