"""SEND: the forms, with JavaScript switched off and by keyboard alone."""

from accessibility import is_accessible
from watching import has_no_sideways_scroll, page_of

MESSAGES = "SELECT name, email, replace(replace(message, char(13), '<CR>'), char(10), '<LF>') FROM messages"


def fill(page, name="Ada Lovelace", email="ada@example.org", message="Two jars, please.\nAnd “sardines” & <b>soap</b>."):
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Your e-mail address").fill(email)
    page.get_by_label("Your message").fill(message)


def test_the_sites_own_form_stores_a_message_without_javascript(browser, shop, screenshots):
    with page_of(browser, shop, 390, 844, script=False) as page:
        page.goto("/")
        page.wait_for_load_state("networkidle")
        assert page.locator("#goods li").count() == 0, "JavaScript is not off"
        page.get_by_role("link", name="Contact").click()
        page.wait_for_url("**/contact.html")
        fill(page)
        page.screenshot(path=screenshots / "contact-filled-390.png", full_page=True)
        page.get_by_role("button", name="Send").click()
        page.wait_for_url("**/thanks.html")
        assert page.locator("h1").inner_text() == "Thank you, it has arrived."
    exported = shop.command("export", "messages")
    assert "Ada Lovelace,ada@example.org," in exported, exported
    assert "And “sardines” & <b>soap</b>." in exported, exported
    (row,) = shop.stored(MESSAGES)
    assert row[:2] == ("Ada Lovelace", "ada@example.org"), row
    assert row[2] == "Two jars, please.<LF>And “sardines” & <b>soap</b>.", row


def test_the_hosted_form_stores_a_message_without_javascript(browser, shop, screenshots):
    with page_of(browser, shop, 1280, 900, script=False) as page:
        page.goto("/forms/contact")
        fill(page)
        page.get_by_role("button", name="Send").click()
        page.wait_for_url("**/thanks.html")
    assert len(shop.stored(MESSAGES)) == 1
    assert "Ada Lovelace" in shop.command("export", "messages", "--format", "json")


def test_faults_come_back_with_the_values_and_links_to_them(browser, shop, screenshots):
    for width in (390, 1280):
        with page_of(browser, shop, width, expected=["422"]) as page:
            page.goto("/contact.html")
            fill(page, name="  ", email="nobody", message="Kept as I wrote it: <b>\"&amp;\"</b>\n\n  indented")
            page.evaluate("document.querySelector('form').noValidate = true")
            with page.expect_response("**/forms/contact") as answer:
                page.get_by_role("button", name="Send").click()
            assert answer.value.status == 422
            page.wait_for_selector("[role=alert]")
            assert page.title().startswith("Please correct: ")
            assert page.get_by_label("Your e-mail address").input_value() == "nobody"
            kept = page.get_by_label("Your message").input_value()
            assert kept == "Kept as I wrote it: <b>\"&amp;\"</b>\n\n  indented", repr(kept)
            assert page.get_by_label("Your e-mail address").get_attribute("aria-invalid") == "true"
            assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
            links = page.locator("[role=alert] a")
            assert links.count() >= 1
            page.locator("[role=alert] a", has_text="e-mail").focus()
            page.keyboard.press("Enter")
            assert page.evaluate("document.activeElement.name") == "email"
            is_accessible(page)
            has_no_sideways_scroll(page)
            page.screenshot(path=screenshots / f"faults-{width}.png", full_page=True)
            fill(page)
            page.get_by_role("button", name="Send").click()
            page.wait_for_url("**/thanks.html")
    assert len(shop.stored(MESSAGES)) == 2


def test_faults_work_without_javascript_too(browser, shop, screenshots):
    with page_of(browser, shop, script=False, expected=["422"]) as page:
        page.goto("/forms/contact")
        # HTML sets no limit to the part before the @, the program does (RFC 5321).
        fill(page, name="Ada", email="a" * 65 + "@example.org", message="Hello")
        page.get_by_role("button", name="Send").click()
        page.wait_for_selector("[role=alert]")
        assert page.get_by_label("Your name").input_value() == "Ada"
        assert shop.stored(MESSAGES) == []
        page.get_by_label("Your e-mail address").fill("ada@example.org")
        page.get_by_role("button", name="Send").click()
        page.wait_for_url("**/thanks.html")
    assert len(shop.stored(MESSAGES)) == 1


def test_the_hosted_form_works_by_keyboard_alone(browser, shop, screenshots):
    with page_of(browser, shop) as page:
        page.goto("/forms/wish")
        order = []
        for _ in range(12):
            page.keyboard.press("Tab")
            focused = page.evaluate(
                "({ name: document.activeElement.name ?? '', type: document.activeElement.type ?? '',"
                " outline: getComputedStyle(document.activeElement).outlineStyle })"
            )
            if focused["name"]:
                assert focused["outline"] != "none", f"{focused['name']} shows no focus"
                order.append(focused["name"])
            match focused["name"]:
                case "item":
                    page.keyboard.type("A good broom")
                case "shelf":
                    page.keyboard.press("ArrowDown")
                    page.keyboard.press("ArrowDown")
                case "tell_me":
                    page.keyboard.press("Space")
            if focused["type"] == "submit":
                page.keyboard.press("Enter")
                break
        assert order == ["item", "shelf", "reason", "email", "tell_me"], order
        page.wait_for_url("**/forms/wish/thanks")
        page.screenshot(path=screenshots / "wish-thanks.png")
    ((item, shelf, reason, told),) = shop.stored("SELECT item, shelf, coalesce(reason, '-'), tell_me FROM wishes")
    assert (item, reason, told) == ("A good broom", "-", "1"), (item, reason, told)
    assert shelf in ("pantry", "kitchen"), shelf


def test_a_double_click_and_a_reload_store_one_record(browser, shop, screenshots):
    with page_of(browser, shop) as page:
        page.goto("/forms/wish")
        page.get_by_label("What should we sell?").fill("A good broom")
        page.get_by_role("button", name="Send the wish").dblclick()
        page.wait_for_url("**/forms/wish/thanks")
        page.reload()
    assert shop.stored("SELECT count(*) FROM wishes") == [("1",)]


def test_too_many_posts_are_answered_with_a_page(browser, shop, screenshots):
    with page_of(browser, shop, expected=["429"]) as page:
        for number in range(11):
            page.goto("/forms/wish")
            page.get_by_label("What should we sell?").fill(f"Broom {number}")
            page.get_by_role("button", name="Send the wish").click()
            page.wait_for_load_state()
        assert "try again in" in page.locator("main").inner_text()
        is_accessible(page)
        page.screenshot(path=screenshots / "too-many.png")
    assert shop.stored("SELECT count(*) FROM wishes") == [("10",)]
