"""`extends` applied: each policy as the flat list of dated values that count for it."""

from collections.abc import Mapping

from timecontrol.policy.files import Entry, PolicyFile
from timecontrol.policy.problems import Problem
from timecontrol.policy.values import did_you_mean

Entries = dict[str, tuple[Entry, ...]]


def resolve(policies: Mapping[str, PolicyFile]) -> tuple[dict[str, Entries], list[Problem]]:
    """All policies with what they inherit, and the problems of those whose parents are missing or lead in a circle.

    A child's entries replace the parent's from the child's first date on; before it the parent's count.
    """
    resolved: dict[str, Entries] = {}
    problems: list[Problem] = []
    for name, policy in policies.items():
        chain = [policy]
        fault = None
        while (parent := chain[-1].extends) is not None:
            if parent not in policies:
                known = f"unknown policy {parent}{did_you_mean(parent, policies)}"
                fault = known if len(chain) == 1 else f"{known} (which {chain[-1].policy} extends)"
            elif parent in (link.policy for link in chain):
                fault = (
                    " -> ".join([*(link.policy for link in chain), parent]) + ": policies extend each other in a circle"
                )
            if fault:
                problems.append(Problem(policy.file, policy.extends_line, "extends", fault))
                break
            chain.append(policies[parent])
        else:
            entries: Entries = {}
            for link in reversed(chain):
                entries = inherit(entries, link.entries)
            resolved[name] = entries
    return resolved, problems


def inherit(parent: Entries, child: Entries) -> Entries:
    """The parent's entries, and from the child's first date of each parameter on the child's instead."""
    merged = dict(parent)
    for parameter, own in child.items():
        if own:
            before = (entry for entry in parent.get(parameter, ()) if entry.valid_from < own[0].valid_from)
            merged[parameter] = (*before, *own)
    return merged
