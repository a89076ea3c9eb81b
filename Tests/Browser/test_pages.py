"""The shop's pages: what a visitor sees, on a phone and on a desk."""

from accessibility import is_accessible
from watching import has_no_sideways_scroll, page_of

PUBLISHED = "SELECT count(*) FROM products WHERE state = 'published'"


def shows_the_shelves(page, shop):
    page.goto("/")
    page.wait_for_selector("#goods .ticket")
    shown = page.locator("#goods > li .name").all_text_contents()
    assert len(shown) == int(shop.stored(PUBLISHED)[0][0]) > 5, shown
    assert "Orange marmalade" in shown
    assert "€6.80" in page.locator("#goods > li", has_text="Orange marmalade").inner_text()
    assert page.locator("#goods img").evaluate_all("images => images.every(image => image.getAttribute('src').startsWith('/pictures/'))")


def test_the_front_page_shows_products_from_the_api_on_every_screen(browser, shop, screenshots):
    for width, height, scheme in ((390, 844, "light"), (390, 844, "dark"), (1280, 900, "light"), (1280, 900, "dark")):
        with page_of(browser, shop, width, height, scheme=scheme) as page:
            shows_the_shelves(page, shop)
            has_no_sideways_scroll(page)
            is_accessible(page)
            page.locator("footer").scroll_into_view_if_needed()
            page.wait_for_function("[...document.images].every(image => image.complete && image.naturalWidth > 0)")
            page.evaluate("scrollTo(0, 0)")
            page.screenshot(path=screenshots / f"front-{width}-{scheme}.png", full_page=True)


def test_the_narrowest_phone_needs_no_sideways_scrolling(browser, shop, screenshots):
    for path in ("/", "/contact.html", "/forms/contact", "/forms/wish", "/thanks.html", "/nowhere", "/problems", "/docs"):
        with page_of(browser, shop, 320, 640, expected=["404"]) as page:
            page.goto(path)
            page.wait_for_load_state("networkidle")
            has_no_sideways_scroll(page)


def test_a_shelf_is_chosen_with_the_keyboard_and_kept_in_the_address(browser, shop, screenshots):
    with page_of(browser, shop) as page:
        shows_the_shelves(page, shop)
        page.get_by_role("button", name="Pantry").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/?shelf=Pantry")
        names = page.locator("#goods .name").all_text_contents()
        assert "Orange marmalade" in names and "Enamel mug" not in names, names
        assert page.evaluate("document.activeElement.textContent") == "Pantry"
        page.reload()
        page.wait_for_selector("#goods .ticket")
        assert page.locator("#goods .name").all_text_contents() == names


def test_a_product_has_a_page(browser, shop, screenshots):
    for width in (390, 1280):
        with page_of(browser, shop, width) as page:
            shows_the_shelves(page, shop)
            page.get_by_role("link", name="Orange marmalade").click()
            page.wait_for_selector("#product:not([hidden])")
            assert page.locator("h1:visible").inner_text() == "Orange marmalade"
            assert page.locator("#price").inner_text() == "€6.80"
            assert "340 g" in page.locator("#details").inner_text()
            assert page.title() == "Orange marmalade | Corner Shop"
            page.wait_for_function("document.getElementById('picture').naturalWidth > 0")
            has_no_sideways_scroll(page)
            is_accessible(page)
            page.screenshot(path=screenshots / f"product-{width}.png", full_page=True)


def test_a_product_that_is_not_there_is_said_in_words(browser, shop, screenshots):
    with page_of(browser, shop, expected=["404", "400"]) as page:
        for id in ("00000000-0000-7000-8000-000000000000", "%3Cscript%3E", ""):
            page.goto(f"/product.html?id={id}")
            page.wait_for_selector("#notice:not([hidden])")
            assert page.locator("h1:visible").inner_text() == "We do not have that."


def test_stored_script_is_shown_and_not_run(browser, shop, screenshots):
    hostile = shop.root / "hostile.ndjson"
    text = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    hostile.write_text(
        '{"name":"%s","sku":"BAD-0001","price":"1.00","state":"published","blurb":"%s","details":{"%s":"%s"}}\n'
        % ((text,) * 4)
    )
    shop.command("import", "products", str(hostile))
    with page_of(browser, shop) as page:
        page.on("dialog", lambda dialog: (_ for _ in ()).throw(AssertionError("a stored script ran")))
        page.goto("/")
        page.wait_for_selector("#goods .ticket")
        page.get_by_role("link", name="onerror").click()
        page.wait_for_selector("#product:not([hidden])")
        assert page.locator("h1:visible").inner_text() == text
        assert page.locator("#product img").count() == 1


def test_pages_send_a_policy_that_allows_no_inline_script(browser, shop, screenshots):
    with page_of(browser, shop, expected=["404", "Content Security Policy"]) as page:
        for path in ("/forms/contact", "/forms/contact/thanks", "/problems", "/problems/invalid", "/docs"):
            policy = page.goto(path).headers.get("content-security-policy", "")
            assert "default-src 'none'" in policy or "default-src 'self'" in policy, f"{path}: {policy}"
            assert "unsafe-inline" not in policy, f"{path}: {policy}"
            assert "frame-ancestors" in policy, f"{path}: {policy}"


def test_every_page_is_accessible_in_light_and_dark(browser, shop, screenshots):
    paths = ("/contact.html", "/thanks.html", "/forms/contact", "/forms/wish", "/forms/wish/thanks", "/problems", "/problems/invalid", "/docs", "/nowhere")
    for scheme in ("light", "dark"):
        for path in paths:
            with page_of(browser, shop, scheme=scheme, expected=["404"]) as page:
                page.goto(path)
                is_accessible(page)
                page.screenshot(path=screenshots / f"{path.strip('/').replace('/', '-')}-{scheme}.png", full_page=True)
