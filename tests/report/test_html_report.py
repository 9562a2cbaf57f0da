import re
from dataclasses import replace
from itertools import pairwise

import pytest
from page import Page
from report_contents import CONTENTS, ENDS_ONLY, HOUR, least, rich

from millrace.draw.charts.wording import THIN, count, duration, percent
from millrace.flow.handoffs import Handoffs
from millrace.flow.summary import Share
from millrace.report.content import ReportContent
from millrace.report.html import write_report

EVERY = pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS.keys())


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(write_report(rich()))


@EVERY
def test_the_page_is_sound_html(content: ReportContent) -> None:
    assert Page(write_report(content)).faults == []


@EVERY
def test_the_page_needs_nothing_from_outside(content: ReportContent) -> None:
    html = write_report(content)

    assert not re.findall(r'(?:href|src|action|data)="(?!#|data:)[^"]+"', html)
    assert not re.findall(r"url\((?!data:|#)", html)
    assert not re.findall(r"@import|<script|<iframe|<object", html)


@EVERY
def test_headings_descend_one_level_at_a_time(content: ReportContent) -> None:
    levels = [int(tag[1]) for tag, _ in Page(write_report(content)).elements if re.fullmatch("h[1-6]", tag)]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@EVERY
def test_every_link_of_the_page_leads_somewhere(content: ReportContent) -> None:
    page = Page(write_report(content))
    ids = {attributes.get("id") for _, attributes in page.elements}

    assert {link["href"] for link in page.all("a")} <= {f"#{name}" for name in ids}


@EVERY
def test_nothing_unknown_leaks_into_the_text(content: ReportContent) -> None:
    text = Page(write_report(content)).text

    assert not re.findall(r"\bNone\b(?! of the)|\bnan\b|Undefined|Absent\(|Share\(", text)


def test_landmarks_language_and_title_are_there(page: Page) -> None:
    tags = {tag for tag, _ in page.elements}

    assert {"header", "nav", "main", "footer"} <= tags
    assert page.all("html")[0]["lang"] == "en-GB"
    assert page.all("a")[0]["class"] == "skip"


def test_every_drawing_has_words_for_those_who_cannot_see_it(page: Page) -> None:
    for drawing in page.all("svg"):
        assert drawing.get("aria-hidden") == "true" or drawing.get("role") == "img"
    charts = [drawing for drawing in page.all("svg") if "aria-label" in drawing]

    assert len(charts) == 14
    assert all(drawing["aria-label"] for drawing in charts)


def test_every_table_header_says_what_it_heads(page: Page) -> None:
    assert all(header.get("scope") in ("col", "row", "rowgroup") for header in page.all("th"))
    assert len(page.all("caption")) == len(page.all("table"))


def test_names_from_the_log_stay_text() -> None:
    html = write_report(rich())

    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html
    assert "فريق الدعم" in html
    assert "🚑" in html


def test_control_characters_do_not_reach_the_page() -> None:
    html = write_report(replace(rich(), title="odd\x00\x07 title\ufeff"))

    assert not re.findall("[\x00-\x08\x0b\x0c\x0e-\x1f\ufeff]", html)
    assert "odd title" in html


def test_the_headline_says_the_lead_time_and_the_closing_tail(page: Page) -> None:
    assert f"Half of 180 requests took longer than 20{THIN}h; 31{THIN}% of all elapsed time" in page.text


def test_the_headline_of_a_short_tail_says_how_much_was_work() -> None:
    content = replace(rich(), closing_tail=None)

    assert f"10{THIN}% of the lead time was work" in Page(write_report(content)).text


def test_nothing_delivered_is_said_in_the_headline() -> None:
    assert "None of the 1 item has been delivered yet" in Page(write_report(least())).text


def test_every_figure_of_a_measure_is_the_contents_figure(page: Page) -> None:
    content = rich()
    for measure in content.durations[:1]:
        for summary, scale in (
            (measure.elapsed, content.elapsed_scale),
            (measure.business, content.business_scale),
        ):
            assert not hasattr(summary, "reason")
            for quantile in (summary.p50, summary.p85, summary.p95):  # type: ignore[union-attr]
                assert duration(quantile.seconds, scale) in page.text  # type: ignore[union-attr]
                assert duration(quantile.low_seconds, scale) in page.text  # type: ignore[union-attr]
    assert "Left out: 12 (not delivered by the end of the log)." in page.text


def test_shares_stand_beside_their_counts(page: Page) -> None:
    assert "9 of 180 requests" in page.text
    assert percent(Share(9, 180).ratio) in page.text


def test_business_hours_are_shown_in_working_days(page: Page) -> None:
    assert duration(32 * HOUR, rich().business_scale) == f"4{THIN}d"
    assert f"a working day has 8{THIN}h" in page.text
    assert "Nobody gave this calendar" in page.text


def test_a_target_is_shown_and_a_missing_one_is_said(page: Page) -> None:
    assert "85 % within 2 days" in page.text
    assert "no target set" in page.text


def test_a_measure_that_cannot_be_known_says_why() -> None:
    text = Page(write_report(CONTENTS["ends_only"])).text

    assert f"Flow efficiency – Missing {ENDS_ONLY.reason}" in text
    assert "Time by team – Cannot be shown: the log names no teams." in text


def test_a_step_figure_that_cannot_be_known_is_explained_once(page: Page) -> None:
    assert page.text.count(f"Process time of Approve: {ENDS_ONLY.reason}.") == 1
    assert page.text.count("Automated: the log does not say what is automated.") == 1


def test_work_that_never_changes_hands_is_said() -> None:
    text = Page(write_report(replace(rich(), handoffs=Handoffs(0, 0, ())))).text

    assert "No request ever changes its team" in text


def test_the_ten_oldest_open_items_are_listed(page: Page) -> None:
    listed = page.text.split("The oldest open requests")[1].split("Time and teams")[0]

    assert "REQ912" in listed
    assert "REQ92 " not in listed


def test_readiness_says_what_became_of_every_row(page: Page) -> None:
    ready = rich().readiness
    for n, words in (
        (ready.n_rows_read, "rows read"),
        (ready.n_rows_kept, "kept"),
        (ready.n_rows_repaired, "repaired"),
        (ready.n_rows_refused, "refused"),
    ):
        assert f"{count(n)} {words}" in page.text
    assert "is_automated" in page.text
    assert f"41.2{THIN}%" in page.text


def test_the_map_for_paper_stands_beside_the_one_for_the_screen() -> None:
    content = rich()
    assert content.map
    paper = replace(content.map, paper_svg=content.map.svg.replace("Map", "Paper map"))
    html = write_report(replace(content, map=paper))

    assert html.count("<title>Map</title>") == 1
    assert html.count("<title>Paper map</title>") == 1


def test_the_owners_of_the_trade_mark_are_named_once(page: Page) -> None:
    assert page.text.count("not affiliated") == 1


def test_the_same_content_makes_the_same_page() -> None:
    assert write_report(rich()) == write_report(rich())
