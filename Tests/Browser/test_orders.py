"""Accounts in the shop: signing up, ordering, and one's own orders."""

import re

from accessibility import is_accessible
from watching import has_no_sideways_scroll, page_of


def signs_up(page, email):
    page.get_by_label(re.compile("e-?mail", re.I)).fill(email)
    page.get_by_label(re.compile("password", re.I)).fill("three blue teapots on a shelf")
    page.locator("main form button[type=submit]").first.click()


def test_a_visitor_is_told_to_sign_in(browser, shop, screenshots):
    for width, scheme in ((320, "light"), (390, "dark"), (1280, "light")):
        with page_of(browser, shop, width, scheme=scheme, expected=["401"]) as page:
            page.goto("/orders.html")
            page.wait_for_selector("#notice:not([hidden])")
            assert page.locator("#notice-link").get_attribute("href") == "/auth/sign-in?next=/orders.html"
            has_no_sideways_scroll(page)
            is_accessible(page)


def test_a_customer_sees_their_own_orders(browser, shop, screenshots):
    with page_of(browser, shop, 390, expected=["401"]) as page:
        page.goto("/auth/sign-up?next=/orders.html")
        signs_up(page, "ada@example.org")
        page.wait_for_load_state("networkidle")
        page.goto("/orders.html")
        page.wait_for_selector("#notice:not([hidden])")
        assert page.locator("#notice-title").inner_text() == "Nothing ordered yet."
        assert "ada@example.org" in page.locator("#who").inner_text()
        page.goto("/product.html?id=019b7900-e360-762d-ae2a-c13ef8e8d8d2")
        page.get_by_role("button", name="Order one").click()
        page.wait_for_function("document.getElementById('ordered').textContent.includes('It is yours')")
        page.goto("/orders.html")
        page.wait_for_selector("#orders .card")
        assert "1 × Orange marmalade, €6.80 each" in page.locator("#orders").inner_text()
        has_no_sideways_scroll(page)
        is_accessible(page)
        page.screenshot(path=screenshots / "orders-390.png", full_page=True)
    # Whoever comes next on another machine sees nothing of it.
    with page_of(browser, shop, expected=["401"]) as page:
        page.goto("/orders.html")
        page.wait_for_selector("#notice:not([hidden])")
        assert page.locator("#orders .card").count() == 0
