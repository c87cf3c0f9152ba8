"""`extends`: a child's entries replace the parent's from the child's first date on."""

from datetime import date

from timecontrol.policy.files import Entry, PolicyFile
from timecontrol.policy.resolve import resolve


def policy(name: str, extends: str | None = None, **parameters: list[tuple[int, object]]) -> PolicyFile:
    """A policy with values by year."""
    entries = {
        parameter: tuple(
            Entry(parameter, date(year, 1, 1), value, None, f"{name}.yaml", 1)  # type: ignore[arg-type]  # plain numbers
            for year, value in listed
        )
        for parameter, listed in parameters.items()
    }
    return PolicyFile(name, name, extends, entries, f"{name}.yaml", 3)


def values(policies: list[PolicyFile], name: str) -> dict[str, list[tuple[int, object]]]:
    resolved, problems = resolve({policy.policy: policy for policy in policies})
    assert problems == []
    return {key: [(entry.valid_from.year, entry.value) for entry in entries] for key, entries in resolved[name].items()}


def test_a_child_inherits_what_it_does_not_say() -> None:
    parent = policy("parent", a=[(2000, 1), (2010, 2)])
    assert values([parent, policy("child", "parent", b=[(2005, 3)])], "child") == {
        "a": [(2000, 1), (2010, 2)],
        "b": [(2005, 3)],
    }


def test_a_child_replaces_the_parents_values_from_its_own_first_date_on() -> None:
    parent = policy("parent", a=[(2000, 1), (2005, 2), (2010, 3), (2020, 4)])
    child = policy("child", "parent", a=[(2010, 30), (2015, 35)])
    assert values([parent, child], "child") == {"a": [(2000, 1), (2005, 2), (2010, 30), (2015, 35)]}
    assert values([parent, child], "parent") == {"a": [(2000, 1), (2005, 2), (2010, 3), (2020, 4)]}


def test_a_child_abolishes_from_a_date_on() -> None:
    parent = policy("parent", a=[(2000, 1), (2020, 2)])
    assert values([parent, policy("child", "parent", a=[(2010, None)])], "child") == {"a": [(2000, 1), (2010, None)]}


def test_an_empty_list_says_nothing() -> None:
    assert values([policy("parent", a=[(2000, 1)]), policy("child", "parent", a=[])], "child") == {"a": [(2000, 1)]}


def test_inheritance_has_any_depth() -> None:
    chain = [policy("a", p=[(2000, 1)]), policy("b", "a", p=[(2010, 2)]), policy("c", "b", p=[(2020, 3)])]
    assert values(chain, "c") == {"p": [(2000, 1), (2010, 2), (2020, 3)]}


def test_a_missing_parent_and_a_circle_are_named_and_the_rest_is_kept() -> None:
    policies = [
        policy("sound"),
        policy("orphan", "sond"),
        policy("below", "orphan"),
        policy("left", "right"),
        policy("right", "left"),
    ]
    resolved, problems = resolve({policy.policy: policy for policy in policies})
    assert list(resolved) == ["sound"]
    assert [str(problem) for problem in problems] == [
        "orphan.yaml:3: extends: unknown policy sond; did you mean sound?",
        "below.yaml:3: extends: unknown policy sond; did you mean sound? (which orphan extends)",
        "left.yaml:3: extends: left -> right -> left: policies extend each other in a circle",
        "right.yaml:3: extends: right -> left -> right: policies extend each other in a circle",
    ]
