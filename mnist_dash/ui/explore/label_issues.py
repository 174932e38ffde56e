"""Labels that networks doubt which never saw them: the audit that finds them, and what a person decides."""

from typing import Any

import numpy as np
import streamlit as st

from mnist_dash.data.dataset import CLASSES, Dataset, Digits, Split
from mnist_dash.errors import MnistDashError
from mnist_dash.escaping import escape_markdown
from mnist_dash.figures import digits
from mnist_dash.methods.audit import audit_spec, check_folds
from mnist_dash.methods.spec import RunSpec
from mnist_dash.runs import reviews
from mnist_dash.runs.audits import LabelIssues
from mnist_dash.runs.estimate import estimate_cost
from mnist_dash.runs.finding import find_audits
from mnist_dash.runs.pace import describe_duration
from mnist_dash.runs.queries import run_of
from mnist_dash.runs.records import Run, State
from mnist_dash.runs.reviews import Decision, Verdict
from mnist_dash.runs.starting import start_run
from mnist_dash.ui.components.picture import picture_address
from mnist_dash.ui.components.tiles import tiles
from mnist_dash.ui.explore import audit_preview
from mnist_dash.ui.explore.samples import SPLITS, list_splits
from mnist_dash.ui.shell import link, machine, messages, resources
from mnist_dash.ui.shell.keys import Key
from mnist_dash.ui.shell.look_again import look_again, redraw_page
from mnist_dash.ui.shell.theme import colours

Decisions = dict[int, Decision | None]
"""What is decided of training images, by index; None takes a decision back."""

_ROWS = 20
SEEDS = (0, 1, 2)
_WHAT = (
    "The training images are split into five parts. Five networks each learn from four of them and read the fifth, so "
    "that every image is read by a network that never saw it. Confident learning (Northcutt, Jiang and Chuang, 2021; "
    "the library cleanlab) then says which labels do not fit what the networks read."
)
_COUNTED = (
    "A good network reads few images differently from their label, so the list has them all, the least fitting label "
    "first. Many are merely hard to read: look before you decide."
)
_TEST = "Test labels stay as they are: another yardstick would make figures of before and after incomparable."
_EFFECT = "Six runs of the convolutional network: three on the old set and three on the new one, seeds 0, 1 and 2."


def show(data: Dataset) -> None:
    """The audit of this set: to be started, at work, or done with its list."""
    st.caption("Networks that never saw an image say what they read in it.", help=_WHAT)
    mine = find_audits(resources.database(), data.name)
    active = next((run for run in mine if run.state.active), None)
    done = next((run for run in mine if run.state is State.DONE), None)
    audit = resources.audit_of(done.id) if done else None
    if active:
        _at_work(active)
    elif audit is None or not audit.fits(data):
        _start(data)
    if done and audit and audit.fits(data) and audit.train_issues is not None and audit.test_issues is not None:
        _doubted(data, done, audit.train_issues, audit.test_issues)


def _start(data: Dataset) -> None:
    spec = audit_spec(data.name)
    try:
        check_folds(data.train.labels, spec.folds)
        pace = machine.find_pace()
        cost = estimate_cost(spec, spec.split(len(data.train))[0], pace, resources.machine_memory())
    except MnistDashError as e:
        st.info(escape_markdown(e))
        return
    about = f" It takes about {describe_duration(cost.seconds, pace)}." if cost else ""
    st.write(f"Nobody has looked for wrong labels in this set yet.{about}")
    if st.button("Look for wrong labels", type="primary", icon=":material/fact_check:"):
        link.RUN.keep(start_run(resources.settings(), resources.database(), spec).id)
        st.rerun()
    audit_preview.show(data)


def _at_work(run: Run) -> None:
    @look_again(2.0)
    def look() -> None:
        with messages.explain_errors():
            now = run_of(resources.database(), run.id)
        if not now.state.active:
            redraw_page()
        text = f"Run {now.id} is {now.state}: {now.epoch} of {now.spec.folds} folds"
        st.progress(now.epoch / now.spec.folds, text)

    look()
    st.page_link(
        "pages/train.py", label="Watch or stop it", icon=":material/show_chart:", query_params={"run": str(run.id)}
    )


def _doubted(data: Dataset, run: Run, train: LabelIssues, test: LabelIssues) -> None:
    split = st.segmented_control(
        "Doubted labels",
        list_splits(data),
        format_func=SPLITS.__getitem__,
        default=Split.TRAIN.value,
        required=True,
        key=Key.DOUBTS,
        bind="query-params",
    )
    issues, of = (train if split == Split.TRAIN else test), data.split(Split(split))
    if not len(issues):
        st.info("No label of this split is doubted.")
        return
    read = f"{len(issues):,} of {len(of):,} labels are read differently by networks that never saw the image"
    st.caption(f"{read}; {issues.confident:,} of them confident learning counts as wrong.", help=_COUNTED)
    start = _page(len(issues))
    rows = slice(start, start + _ROWS)
    if split == Split.TEST:
        st.caption(_TEST)
        _overview(issues, of, rows)
    else:
        _review(data, run, issues, rows)


def _page(count: int) -> int:
    pages = -(-count // _ROWS)
    if pages == 1:
        return 0
    number = st.number_input(f"Page, of {pages}, the most doubtful first", 1, pages, key=Key.DOUBTS_PAGE, width=260)
    return (number - 1) * _ROWS


def _overview(issues: LabelIssues, of: Digits, rows: slice) -> None:
    index = issues.index[rows]
    names = [
        f"Image {i}, label {given}, read as {read} ({share:.0%})"
        for i, given, read, share in zip(
            index, issues.given[rows], issues.suggested[rows], issues.suggested_share[rows], strict=True
        )
    ]
    tiles(of.images[index], names, key="doubted", label="Doubted test labels", times=2)
    st.dataframe(_table(issues, of, rows), **_shown())


def _review(data: Dataset, run: Run, issues: LabelIssues, rows: slice) -> None:
    database = resources.database()
    decided = reviews.decisions_of(database, run.id)
    table = _table(issues, data.train, rows)
    fixed, at = list(table), [decided.get(image) for image in table["Image"]]
    table |= {"Verdict": [d and d.verdict.capitalize() for d in at], "New label": [d and d.label for d in at]}
    edited = st.data_editor(table, disabled=fixed, key=_key(run, rows), **_shown())
    said = zip(edited["Verdict"], edited["New label"], table["Read as"], strict=True)
    changed = dict(zip(table["Image"], (_decision(*row) for row in said), strict=True))
    new = {image: decision for image, decision in changed.items() if decision != decided.get(image)}
    if new:
        reviews.decide(database, run.id, new)
    with st.container(horizontal=True):
        suggested = zip(issues.index[rows].tolist(), issues.suggested[rows].tolist(), strict=True)
        taken: Decisions = {image: Decision(Verdict.RELABEL, label) for image, label in suggested}
        for label, icon, decisions in (
            ("Relabel all on this page as suggested", ":material/done_all:", taken),
            ("Forget this page", ":material/undo:", dict.fromkeys(taken)),
        ):
            st.button(label, icon=icon, on_click=messages.do_or_tell, args=(_decide, run, decisions, rows))
    _make(data, {**decided, **{image: d for image, d in new.items() if d}})


def _decide(run: Run, decisions: Decisions, rows: slice) -> None:
    reviews.decide(resources.database(), run.id, decisions)
    # What was typed into the table would be applied on top of it.
    st.session_state.pop(_key(run, rows), None)


def _key(run: Run, rows: slice) -> str:
    return f"review_{run.id}_{rows.start}"


def _decision(verdict: str | None, label: int | None, read: int) -> Decision | None:
    """What a row of the table says; relabelling without a new label means what the networks read."""
    if verdict is None:
        return None
    if Verdict(verdict.lower()) is not Verdict.RELABEL:
        return Decision(Verdict(verdict.lower()))
    return Decision(Verdict.RELABEL, read if label is None else int(label))


def _make(data: Dataset, decisions: dict[int, Decision]) -> None:
    """The named set that follows from the decisions, and how to see whether it helps."""
    counts = {verdict: sum(d.verdict is verdict for d in decisions.values()) for verdict in Verdict}
    said = ", ".join(f"{count:,} to {verdict}" for verdict, count in counts.items())
    st.caption(f"Decided so far: {said}.")
    with st.form("corrected", border=False):
        name = st.text_input(
            "Name of the corrected set", key="corrected_name", placeholder=f"{data.name}-corrected", max_chars=80
        )
        made = st.form_submit_button("Make the set", icon=":material/check:")
    if made:
        try:
            reviews.make_set(resources.settings(), data, decisions, name, resources.database().user)
        except MnistDashError as e:
            st.error(escape_markdown(e), icon=":material/error:")
            return
        st.session_state[Key.CORRECTED] = (data.name, name)
    source, target = st.session_state.get(Key.CORRECTED, (None, None))
    if source == data.name and target:
        _compare(source, target)


def _compare(source: str, target: str) -> None:
    st.success(f"{escape_markdown(target)} is there: choose it above, or see whether it helps.")
    if st.button("Train on both", icon=":material/compare_arrows:", help=_EFFECT):
        specs = [RunSpec.of("cnn", name, seed=seed) for seed in SEEDS for name in (source, target)]
        settings, database = resources.settings(), resources.database()
        runs = [start_run(settings, database, spec, spec.data) for spec in specs]
        link.RUNS.keep(tuple(run.id for run in runs))
        st.switch_page("pages/runs.py")


def _table(issues: LabelIssues, of: Digits, rows: slice) -> dict[str, list[Any]]:
    index: list[int] = issues.index[rows].tolist()
    return {
        "Digit": [_picture(of, i) for i in index],
        "Image": index,
        "Label": issues.given[rows].tolist(),
        "Read as": issues.suggested[rows].tolist(),
        "Sure of that": (issues.suggested_share[rows] * 100).tolist(),
        "Label fits": (issues.quality[rows] * 100).tolist(),
    }


def _picture(of: Digits, index: int) -> str:
    return picture_address(digits.draw_digit(np.asarray(of.images[index]), colours(), scale=2))


def _shown() -> dict[str, Any]:
    """How the columns are shown."""
    column = st.column_config
    return {
        "hide_index": True,
        "alt": "Labels that are probably wrong, the most doubtful first",
        "row_height": 60,
        "height": min(_ROWS, 10) * 60 + 40,
        "column_config": {
            "Digit": column.ImageColumn(width=70),
            "Sure of that": column.NumberColumn(format="%.1f %%", help="The probability of what the networks read."),
            "Label fits": column.NumberColumn(format="%.1f %%", help="cleanlab's quality score of the given label."),
            "Verdict": column.SelectboxColumn(
                options=[str(v.capitalize()) for v in Verdict], help="What becomes of it."
            ),
            "New label": column.SelectboxColumn(options=list(range(CLASSES)), help="Empty: what the networks read."),
        },
    }
