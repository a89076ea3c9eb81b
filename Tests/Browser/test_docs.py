"""The interface for people at /docs: to read without script, and to try with it."""

from accessibility import is_accessible
from watching import has_no_sideways_scroll, page_of


def opened(page, *names):
    for name in names:
        page.locator(f"#{name} > summary").click()
        assert page.locator(f"#{name}").evaluate("details => details.open")


def test_the_interface_is_shown_on_every_screen(browser, shop, screenshots):
    for width, height, scheme in ((390, 844, "light"), (390, 844, "dark"), (1280, 900, "light"), (1280, 900, "dark")):
        with page_of(browser, shop, width, height, scheme=scheme) as page:
            page.goto("/docs")
            is_accessible(page)
            opened(page, "listProducts", "postContactForm")
            has_no_sideways_scroll(page)
            is_accessible(page)
            page.screenshot(path=screenshots / f"docs-{width}-{scheme}.png", full_page=True)


def test_the_interface_is_read_without_script(browser, shop, screenshots):
    with page_of(browser, shop, script=False) as page:
        page.goto("/docs")
        assert page.locator("form.try:visible").count() == 0
        text = page.content()
        assert f"curl '{shop.address}/api/products'".replace("'", "&#39;") in text or f"curl '{shop.address}/api/products'" in text
        page.locator("#getProduct > summary").click()
        assert page.locator("#getProduct .line").is_visible()


def test_a_request_is_tried(browser, shop, screenshots):
    with page_of(browser, shop, expected=["400", "422"]) as page:
        page.goto("/docs#listProducts")
        form = page.locator("#listProducts form.try")
        form.get_by_label("limit").fill("1")
        form.get_by_label("fields").fill("name")
        form.get_by_role("button", name="Send GET").click()
        form.locator(".result .status").wait_for()
        assert form.locator(".result .status").inner_text() == "200 OK"
        assert '"items": [' in form.locator(".result pre").nth(1).inner_text()
        assert "content-type: application/json" in form.locator(".result pre").nth(0).inner_text()
        is_accessible(page)
        page.screenshot(path=screenshots / "docs-tried.png", full_page=True)
        form.get_by_label("limit").fill("0")
        form.get_by_role("button", name="Send GET").click()
        page.wait_for_function("document.querySelector('#listProducts .status.bad')")
        assert form.locator(".result .status").inner_text() == "400 Bad Request"
