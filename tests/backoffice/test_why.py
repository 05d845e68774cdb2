"""The why-panel: what it says of a fresh answer, and of what a row has stored."""

from __future__ import annotations

from datetime import date

from backoffice.terms.book import book
from backoffice.terms.interpreter import decide
from backoffice.why import SILENT, of_decision, of_row, panel

PERIOD = {"start": "2026-01-31", "cycle_months": None, "index": 0, "commitment": False}


def test_a_fresh_answer_has_a_step_for_each_term_with_its_value_and_its_place_in_the_book() -> None:
    rule, decision = decide(book(), {"rule": "term.period", "vendor": "secureflag", "facts": PERIOD})
    why = of_decision(rule, decision, [("The term began on", "31 January 2026")])
    assert why.sentence.startswith("The period runs from 31 January 2026 to 30 January 2027")
    assert [(step.clause, step.says) for step in why.steps] == [
        (item["clause"], item["says"]) for item in decision.because
    ]
    notice = next(step for step in why.steps if step.href.endswith("#period.notice_days"))
    assert (notice.clause, notice.value) == ("13.2", "1")
    assert notice.href.startswith("/admin/terms/secureflag/2024-01-01/")


def test_silence_is_told_as_silence() -> None:
    rule, decision = decide(book(), {"rule": "term.period", "vendor": "securepacket", "facts": PERIOD})
    why = of_decision(rule, decision)
    assert (why.sentence, why.covered, why.steps) == (SILENT, False, [])


def test_a_stored_row_is_shown_as_it_was_stored_even_if_the_book_says_otherwise_now() -> None:
    because = [{"clause": "99.9", "says": "Something the sheet does not say", "reading": True}]
    why = of_row("It ends on Friday.", "secureflag/2024-01-01", because)
    step = why.steps[0]
    assert (step.clause, step.says, step.value, step.reading) == ("99.9", because[0]["says"], "", True)
    assert step.href == "/admin/terms/secureflag/2024-01-01/"


def test_a_stored_row_outlives_its_sheet() -> None:
    why = of_row("It ends on Friday.", "nobody/2001-01-01", [{"clause": "1", "says": "It ends"}])
    assert (why.contract, why.href, why.steps[0].href) == ("nobody/2001-01-01", "", "")
    assert "It ends." in panel(why)


def test_a_clause_that_says_the_same_of_several_terms_shows_no_value_unless_they_agree() -> None:
    sheet = book().sheet("securegroup/2015-01-01")
    assert (
        sheet.amendment is not None and sheet.amendment.aup is not None and sheet.amendment.aup.notice_days is not None
    )
    step = of_row("", sheet.id, [sheet.amendment.aup.notice_days.citation]).steps[0]
    assert step.value == "30"


def test_the_panel_can_be_copied_as_text() -> None:
    rule, decision = decide(book(), {"rule": "term.period", "vendor": "secureflag", "facts": PERIOD})
    lines = of_decision(rule, decision, [("The term began on", "31 January 2026")]).text.splitlines()
    assert lines[1:4] == ["Given:", "- The term began on: 31 January 2026", "Because:"]
    assert any(line.startswith("- [13.1, our reading] ") for line in lines)
    newest = book().newest("secureflag")
    assert lines[-1] == f"Under {newest.name}: {newest.contract}, in force from 1 January 2024."
    assert newest.from_ == date(2024, 1, 1)


def test_what_a_row_says_is_text_and_never_markup() -> None:
    shown = panel(of_row("<b>loud</b>", "secureflag/2024-01-01", [{"clause": "<i>", "says": "<script>"}]))
    assert "<script>" not in shown and "<b>loud" not in shown and "&lt;b&gt;loud" in shown
