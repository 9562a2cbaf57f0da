"""The delay tree as a chart of the report."""

from millrace.diagnose.delay_tree import DelayTree
from millrace.draw.charts.chart import Chart
from millrace.draw.charts.wording import ITEMS, Noun
from millrace.draw.delay_tree import delay_tree_picture, delay_tree_table, headline, in_words, subtitle
from millrace.model.absent import Absent


def delay_tree(tree: DelayTree, *, noun: Noun = ITEMS) -> Chart | None:
    """Draw where all lead time lies; None where nothing was delivered."""
    root = tree.root
    if not root.microseconds:
        return None
    return Chart(
        title=headline(root),
        subtitle=f"{subtitle(root, noun)}, divided by state, side, reason, step, team and cause of queueing",
        alt=f"A block divided from left to right. {in_words(root)}",
        picture=delay_tree_picture(root),
        table=delay_tree_table(root),
        note=f"Why work queued is not told: {tree.causes.reason}." if isinstance(tree.causes, Absent) else "",
    )
