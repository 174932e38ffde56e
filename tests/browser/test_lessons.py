"""Lessons in a real browser: answers that outlast a reload, a way to Train and back, and a round against the clock."""

import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import Server, tab
from tests.browser.test_looks import SHIFT, WATCH
from tests.browser.test_pages import expect_state, settled

pytestmark = pytest.mark.browser


def test_answers_stay_in_the_tab_over_a_reload_and_in_no_other(page: Page, browser: Browser, server: Server) -> None:
    page.goto("/lessons")
    settled(page)
    page.get_by_role("link", name="A summary that was wrong").click()
    expect(page).to_have_url(re.compile("lesson=summary"))
    settled(page)
    answer = page.get_by_role("spinbutton", name="How many features")
    answer.fill("784")
    page.get_by_role("button", name="Check").first.click()
    expect(page.get_by_text("28 rows of 28 pixels")).to_be_visible()
    settled(page)
    page.reload()
    expect(page.get_by_text("28 rows of 28 pixels")).to_be_visible()
    expect(answer).to_have_value("784")
    settled(page)
    page.get_by_role("link", name="All lessons").click()
    expect(page).to_have_url(re.compile("lessons$"))
    with tab(browser, server.url) as other:
        other.goto("/lessons?lesson=summary")
        expect(other.get_by_text("0 of 3 steps done.")).to_be_visible()


def test_a_step_fills_in_the_settings_on_train_and_sees_that_the_run_has_ended(page: Page) -> None:
    page.goto("/lessons?lesson=pixels")
    settled(page)
    page.get_by_role("link", name="Train it").first.click()
    expect(page.get_by_text(re.compile(r"3 epochs on [\d,]+ images"))).to_be_visible()
    expect(page.get_by_role("textbox", name="Layers")).to_have_value("flatten\ndense 128")
    settled(page)
    page.get_by_role("button", name="Start training").click()
    expect_state(page, "Done")
    settled(page)
    number = re.search(r"run=(\d+)", page.url)
    assert number
    page.goto("/lessons?lesson=pixels")
    expect(page.get_by_text("Look at run")).to_be_visible()
    settled(page)


def test_a_round_is_played_by_keys_and_buttons_and_outlasts_a_reload(page: Page) -> None:
    page.goto("/lessons?lesson=duel&round=3")
    settled(page)
    count = page.get_by_text(re.compile(r"^Digit \d+ of \d+$"))
    whole = int(count.inner_text().rpartition(" ")[2])
    page.keyboard.press("7")
    page.get_by_role("button", name="Start the clock").click()
    for digit in range(10):
        page.keyboard.press(str(digit))
    expect(count).to_have_text(f"Digit 11 of {whole}")
    page.reload()
    page.get_by_role("button", name="Go on").click()
    expect(count).to_have_text(f"Digit 11 of {whole}")
    for place in range(whole - 10):
        page.get_by_role("button", name=str(place % 10), exact=True).click()
    expect(page.get_by_text("You read right")).to_be_visible()
    settled(page)
    page.reload()
    expect(page.get_by_text("You read right")).to_be_visible()
    settled(page)
    page.get_by_role("link", name=re.compile("^Another")).click()
    expect(count).to_have_text(f"Digit 1 of {whole}")
    expect(page).to_have_url(re.compile("round=4"))


def test_the_link_holds_the_length_of_an_upstroke_until_another_lesson_is_chosen(page: Page) -> None:
    page.goto("/lessons?lesson=european-one&upstroke=75")
    settled(page)
    page.get_by_role("slider", name="Length of the upstroke").press("ArrowRight")
    expect(page).to_have_url(re.compile("upstroke=80"))
    expect(page.get_by_text("cnn reads 7")).to_be_visible()
    settled(page)
    page.get_by_role("link", name="All lessons").click()
    expect(page).to_have_url(re.compile("lessons$"))
    settled(page)
    page.get_by_role("link", name="Why pixels are divided by 255").click()
    expect(page).to_have_url(re.compile(r"lesson=pixels$"))


@pytest.mark.parametrize(("scheme", "size"), [("light", (1440, 900)), ("dark", (390, 844))])
@pytest.mark.parametrize("lesson", ["overfitting", "european-one", "duel"])
def test_a_lesson_fits_and_does_not_jump(page: Page, lesson: str, scheme: str, size: tuple[int, int]) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.add_init_script(f"({WATCH})()")
    page.goto(f"/lessons?lesson={lesson}")
    settled(page)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    settled(page)
    shifts = page.evaluate("window.shifts")
    assert sum(value for value, _ in shifts) < SHIFT, shifts
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= size[0]


def test_what_ends_a_page_takes_no_place_while_it_is_loaded(page: Page) -> None:
    """What stands for it would be pushed down by a sheet that is drawn before it, and counts as a jump."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.add_init_script(f"({WATCH})()")
    late: list[Route] = []
    page.route(re.compile(r"/Html\..*js$"), lambda route: late.append(route))
    with page.expect_request(re.compile(r"/Html\..*js$")):
        page.goto("/lessons?lesson=duel")
    expect(page.get_by_role("button", name="Start the clock")).to_be_visible()
    expect(page.get_by_test_id("stSkeleton").filter(visible=True)).to_have_count(0)
    shifts = page.evaluate("window.shifts")
    assert sum(value for value, _ in shifts) < SHIFT, shifts
    (mark,) = late
    mark.continue_()
    settled(page)
    expect(page.locator("[data-drawn]")).to_be_attached()


def test_all_of_a_round_is_on_the_screen_of_a_phone(browser: Browser, server: Server) -> None:
    with tab(browser, server.url, {"width": 390, "height": 700}, phone=True) as page:
        page.goto("/lessons?lesson=duel")
        page.get_by_role("button", name="Start the clock").tap()
        for name in ("Digit 1, to be read", "9"):
            shown = page.get_by_role("img", name=name).or_(page.get_by_role("button", name=name, exact=True))
            expect(shown).to_be_in_viewport(ratio=0.95)
        page.get_by_role("button", name="9", exact=True).tap()
        expect(page.get_by_text(re.compile(r"^Digit 2 of"))).to_be_visible()
