"""What-if: two policies side by side, computed by the service `what_if` and shown here."""

from pathlib import PurePath

import pandas as pd
import streamlit as st

from dashboards import comparison, viewing
from dashboards.charts import paired_bars
from dashboards.comparison import Pair, Totals
from dashboards.data import data, policies
from dashboards.filters import Filters
from dashboards.queries import people
from dashboards.tables import OPEN, UNIT_SECONDS, ColumnConfig, Lasting, table
from dashboards.theme import SIDE_COLOURS
from dashboards.words import age, plural
from timecontrol.contracts.errors import Transient
from timecontrol.errors import UserError
from timecontrol.policy.difference import MONEY, SIDES, Difference
from timecontrol.policy.files import NAME, PolicyFolder
from timecontrol.policy.what_if.board import UNDER_WAY, Comparison
from timecontrol.policy.what_if.request import Request, sides

# While something is computed the page asks this often how far it is.
REFRESH_SECONDS = 1
# A service that runs takes a comparison up within a second.
PATIENCE_SECONDS = 10
UPLOAD_MEGABYTES = 1
#: How many steps a comparison has: everybody under each of the two policies.
STEPS = 2
# Decimals of money.
CENTS = 2
ONE_RATE = (
    "Money is hours × the multiplier of their pay code × this one rate of pay, the same for everybody: it shows which policy "
    "costs more, not what payroll will pay."
)
#: The name in the address for the comparison whose draft is looked at.
DRAFT = "draft"


def show(filters: Filters) -> None:
    """The choice, and what is known of the comparison that it names."""
    request = choose(policies(), filters)
    if request is None:
        return
    found = data().what_if.look(request.id)
    offer(request, found)
    if found is None:
        st.info(
            "**Not compared yet.** *Compare* lets a service compute everybody twice, beside production, from what the last run "
            "knew. That takes about twice as long as a full run of the models; you may leave the page meanwhile.",
            icon=":material/compare_arrows:",
        )
    elif found.state in UNDER_WAY:
        watch(request.id)
    elif found.found is None:
        st.error(f"**The comparison was not computed.**\n\n{found.error}", icon=":material/error:")
    else:
        show_found(found.found, filters)


def choose(folder: PolicyFolder, filters: Filters) -> Request | None:
    """What to compare; None where that cannot be: then the page says what to do."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        old = choose_policy("Old policy", "old", folder)
        new = choose_policy("New policy", "new", folder)
        st.number_input(
            "Pay of an hour",
            min_value=0.0,
            value=None,
            step=1.0,
            key="rate",
            bind="query-params",
            placeholder="To see money",
            help=f"{ONE_RATE} In any currency; without it the comparison is in hours alone.",
            width=180,
        )
    draft = choose_draft()
    if draft is not None:
        new = draft[0]
    if old is None or new is None:
        st.info(
            "**Choose an old and a new policy**, or upload a draft of the new one. Everybody is computed under both, whatever "
            "policy they have now. The filters above say whose hours on which days are shown.",
            icon=":material/compare_arrows:",
        )
        return None
    if old == new and draft is None:
        st.warning(
            f"**{old} is on both sides**, so nothing can differ. Choose another new policy, or upload a changed copy of its file.",
            icon=":material/content_copy:",
        )
        return None
    content = None if draft is None else draft[1]
    request = Request(old=old, new=new, draft=content, first_day=filters.first_day, last_day=filters.last_day)
    try:
        chosen = sides(folder, request)
    except UserError as error:
        refuse(str(error))
        return None
    st.caption(f"**{old}**: {chosen[0].title} → **{new}**{'' if draft is None else ' (draft)'}: {chosen[1].title}")
    return request


def choose_policy(heading: str, key: str, folder: PolicyFolder) -> str | None:
    """A policy of the repository."""
    return st.selectbox(
        heading,
        sorted(folder.policies),
        index=None,
        key=key,
        bind="query-params",
        placeholder="Choose a policy",
        width=220,
    )


def choose_draft() -> tuple[str, str] | None:
    """Name and YAML of a draft that was uploaded, now or for a comparison that the address names; None without one."""
    with st.expander("Upload a draft of the new policy", icon=":material/upload_file:"):
        uploaded = st.file_uploader(
            "A policy's file, called like the policy in it; it may extend policies of the repository",
            type=["yaml", "yml"],
            max_upload_size=UPLOAD_MEGABYTES,
        )
    if uploaded is not None:
        return read_draft(uploaded.name, uploaded.getvalue())
    asked = data().what_if.look(st.query_params[DRAFT]) if DRAFT in st.query_params else None
    if asked is None or asked.request.draft is None:
        return None
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/draft: The new policy is the draft `{asked.request.new}.yaml`.")
        st.button("Leave the draft", on_click=forget_draft, type="tertiary", icon=":material/close:")
    return asked.request.new, asked.request.draft


def read_draft(file_name: str, content: bytes) -> tuple[str, str] | None:
    """Name and text of an uploaded file; None, and the reason on the page, where they are none of a policy."""
    name = PurePath(file_name).stem
    if not NAME.fullmatch(name):
        refuse(f"{file_name}: call it like the policy in it, in lower-case letters, digits and single hyphens")
        return None
    try:
        return name, content.decode("utf-8")
    except UnicodeDecodeError as error:
        refuse(f"{file_name}: byte {error.start} is not UTF-8; save it as UTF-8 text")
        return None


def forget_draft() -> None:
    """Back to a policy of the repository."""
    del st.query_params[DRAFT]


def refuse(reasons: str) -> None:
    """What is wrong with a policy, a line for each place."""
    lines = "\n".join(f"- `{line}`" for line in reasons.splitlines())
    st.error(
        f"**This policy cannot be used.** Correct the file and upload it again:\n\n{lines}", icon=":material/error:"
    )


def offer(request: Request, found: Comparison | None) -> None:
    """The button that asks for the comparison."""
    is_pressed = st.button(
        "Compare" if found is None else "Compare again",
        type="primary" if found is None else "secondary",
        icon=":material/compare_arrows:",
        disabled=found is not None and found.state in UNDER_WAY,
    )
    if is_pressed:
        data().what_if.ask(request, data().clock.now())
        if request.draft is not None:
            st.query_params[DRAFT] = request.id
        st.rerun()


@st.fragment(run_every=REFRESH_SECONDS)
def watch(comparison_id: str) -> None:
    """How far the comparison is; at its end the whole page draws itself anew."""
    viewing.confirm()
    try:
        found = data().what_if.look(comparison_id)
    except Transient as error:
        st.warning(f"{error}. The page asks again each second.", icon=":material/cloud_off:")
        return
    if found is None or found.state not in UNDER_WAY:
        st.rerun(scope="app")
    seconds = (data().clock.now() - found.at).total_seconds()
    if found.state == "waiting":
        st.progress(0, f"Waiting, {plural(found.before, 'other comparison')} first · {age(seconds)}")
        if found.before == 0 and seconds > PATIENCE_SECONDS:
            st.warning(
                "**Nobody takes it up.** The service `what_if` computes comparisons: `timecontrol status` says whether it runs, "
                "`timecontrol stack up what_if` starts it. Then this one is computed.",
                icon=":material/hourglass_disabled:",
            )
        return
    done = max(found.begun - 1, 0)
    st.progress(
        done / STEPS, f"{found.step or 'Copying what the last run knew'} · step {done + 1} of {STEPS} · {age(seconds)}"
    )
    st.caption("You may leave this page; the answer stays at its address for a day.")


def show_found(found: Difference, filters: Filters) -> None:
    """The answer, for the people of the filters."""
    listed = data().read(people.listed(filters))
    newest = listed.computed.run_id if listed.computed else found.run.run_id
    note = f"Computed from what run {found.run.run_id} knew ({found.run.now_at:%Y-%m-%d %H:%M:%S} UTC)."
    st.caption(note if newest == found.run.run_id else f"{note} There is a newer run: *Compare again* takes its hours.")
    who = listed.frame()
    if filters.sites or filters.teams or filters.person:
        found = comparison.of_people(found, set(who["employee_id"]))
    if found.pay.empty and found.findings.empty:
        st.info(
            "**Nobody has hours or findings here.** Choose another period, or remove a filter above.",
            icon=":material/search_off:",
        )
        return
    rate: float | None = st.session_state["rate"]
    sums = comparison.totals(found, rate)
    if not comparison.has_difference(found):
        st.success(
            f"**No difference.** {plural(sums.people, 'person has', 'people have')} {sums.hours.old:,.2f} paid hours, and the same pay "
            "and findings under both policies.",
            icon=":material/task_alt:",
        )
        return
    show_tiles(sums)
    show_pay_codes(comparison.by_pay_code(found, rate))
    show_sums("By site", comparison.by_site(found, rate, site_names()), {"site": "Site"}, "sites")
    employees = comparison.by_employee(found, rate, who)
    links = viewing.person_links(employees, filters)
    names: ColumnConfig = {
        OPEN: viewing.link_column("Days"),
        "name": "Name",
        "employee_id": "Number",
        "team": "Team",
        "site": "Site",
    }
    show_sums("By employee", employees.assign(**{OPEN: links}), names, "employees")
    show_rules(comparison.by_rule(found))


def site_names() -> dict[str, str]:
    """What sites are called."""
    return {row["site_id"]: row["name"] for row in data().read(people.sites()).records()}


def show_tiles(sums: Totals) -> None:
    """The differences of everything below, with what was and what would be."""
    with st.container(horizontal=True):
        tile("Paid hours", sums.hours, "+,.2f", ",.2f", " h")
        if sums.money is not None:
            tile("Money", sums.money, "+,.2f", ",.2f")
        tile("Violated findings", sums.violated, "+,.0f", ",.0f")
        st.metric(
            "People with other pay",
            f"{sums.changed:,}",
            f"of {sums.people:,}",
            delta_color="off",
            delta_arrow="off",
            border=True,
        )
    if sums.money is not None:
        st.caption(ONE_RATE)


def tile(title: str, pair: Pair, signed: str, plain: str, unit: str = "") -> None:
    """A difference, and below it old and new."""
    below = f"{pair.old:{plain}} → {pair.new:{plain}}{unit}"
    st.metric(title, f"{pair.difference:{signed}}{unit}", below, delta_color="off", delta_arrow="off", border=True)


def show_pay_codes(sums: pd.DataFrame) -> None:
    """Hours by pay code, drawn and as a table."""
    st.subheader("Hours by pay code", anchor=False)
    st.altair_chart(
        paired_bars(sums, name="code", colours=SIDE_COLOURS, count_title="Hours"),
        alt="Hours by pay code under the old and the new policy; the table below has the same numbers",
    )
    columns = {"code": "Pay code"} | number_columns("")
    table(in_seconds(sums), columns, title="Differences by pay code", key="what_if_codes")


def show_sums(heading: str, sums: pd.DataFrame, names: ColumnConfig, key: str) -> None:
    """Paid hours, money and violated findings of each row."""
    st.subheader(heading, anchor=False)
    violated = st.column_config.NumberColumn(
        "Violated (difference)", format="%+,d", help="How many more findings are violated under the new policy"
    )
    columns = {**names, **number_columns(" paid"), "violated": violated}
    table(in_seconds(sums), columns, title=f"Differences {heading.lower()}", key=f"what_if_{key}")


def show_rules(sums: pd.DataFrame) -> None:
    """How many findings of each rule have each answer."""
    st.subheader("Findings by rule", anchor=False)
    if sums.empty:
        st.caption("Neither policy sets a rule.")
        return
    columns = {
        "what": "Rule",
        "answer": "Answer",
        "old": st.column_config.NumberColumn("Old", format="localized"),
        "new": st.column_config.NumberColumn("New", format="localized"),
        "difference": st.column_config.NumberColumn("Difference", format="%+,d"),
    }
    table(sums, columns, title="Differences by rule", key="what_if_rules")


def in_seconds(sums: pd.DataFrame) -> pd.DataFrame:
    """Rows of `differences` as tables hold them: hours as whole seconds, money in cents exactly."""
    hours, money = [*SIDES, "difference"], sums.columns.intersection([*MONEY, "money_difference"])
    exact = {name: (sums[name] * UNIT_SECONDS["h"]).round() for name in hours}
    return sums.assign(**exact, **{name: sums[name].round(CENTS) for name in money})


def number_columns(what: str) -> dict[str, object]:
    """The columns of `in_seconds`; a table shows those that it has."""
    return {
        "old": Lasting(f"Old{what}"),
        "new": Lasting(f"New{what}"),
        "difference": Lasting("Difference", is_difference=True),
        "old_money": st.column_config.NumberColumn("Old money", format="%,.2f"),
        "new_money": st.column_config.NumberColumn("New money", format="%,.2f"),
        "money_difference": st.column_config.NumberColumn("Difference (money)", format="%+,.2f"),
    }


show(viewing.filters())
