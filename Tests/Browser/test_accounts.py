"""The pages below /auth: by people with a browser, with and without JavaScript."""

import re
import sqlite3

import people
from accessibility import is_accessible
from people import EMAIL, PASSWORD, sign_in, sign_out, sign_up
from watching import has_no_sideways_scroll, page_of

SITE = people.AccountsSite

SCREENS = ((390, 844, "light"), (390, 844, "dark"), (1280, 900, "light"), (1280, 900, "dark"))


def is_well_made(page, screenshots, name, width, scheme):
    has_no_sideways_scroll(page)
    is_accessible(page)
    page.screenshot(path=screenshots / f"auth-{name}-{width}-{scheme}.png", full_page=True)


def test_accounts_are_made_left_and_entered_again(browser, site, screenshots):
    for script in (True, False):
        email = f"ada{script}@example.org".lower()
        with page_of(browser, site, script=script) as page:
            sign_up(page, email)
            assert page.locator("h1").inner_text() == "Your account"
            assert email in page.locator("main").inner_text()
            sign_out(page)
            page.goto("/auth/me")
            page.wait_for_url("**/auth/sign-in?next=*")
            page.get_by_label("E-mail address").fill(email)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in", exact=True).click()
            page.wait_for_url("**/auth/me")
            assert page.locator("h1").inner_text() == "Your account"


def test_a_wrong_password_is_said_and_the_address_kept(browser, site, screenshots):
    for script in (True, False):
        with page_of(browser, site, 390, 844, script=script, expected=["401"]) as page:
            sign_in(page, "not the password", "nobody@example.org")
            page.wait_for_selector("[role=alert]")
            assert page.title().startswith("Please correct: ")
            assert page.get_by_label("E-mail address").input_value() == "nobody@example.org"
            assert page.get_by_label("Password").input_value() == ""
            assert page.locator(".summary").evaluate("element => element === element.ownerDocument.activeElement")
            if script:
                is_well_made(page, screenshots, "wrong-password", 390, "light")


def test_a_profile_is_changed(browser, site, screenshots):
    for script in (True, False):
        email = f"ada{script}@example.org".lower()
        with page_of(browser, site, script=script, expected=["422"]) as page:
            sign_up(page, email)
            page.get_by_label("Name").fill("Ada King")
            page.get_by_label("Phone").fill("030 1234567")
            page.get_by_label("Write to me about offers").check()
            page.get_by_role("button", name="Save").click()
            page.wait_for_url("**/auth/me?saved=1")
            assert page.get_by_role("status").inner_text() == "Saved."
            page.goto("/auth/me")
            assert page.get_by_label("Name").input_value() == "Ada King"
            assert page.get_by_label("Phone").input_value() == "030 1234567"
            page.get_by_label("Write to me about offers").uncheck()
            page.get_by_role("button", name="Save").click()
            page.wait_for_selector("[role=status]")
            assert not page.get_by_label("Write to me about offers").is_checked()
            # The browser keeps the limit; a program in its place need not.
            if script:
                page.evaluate("document.getElementById('phone').removeAttribute('maxlength')")
                page.get_by_label("Phone").fill("0" * 31)
                page.get_by_role("button", name="Save").click()
                page.wait_for_selector("[role=alert]")
                assert page.get_by_label("Phone").input_value() == "0" * 31
                page.locator("[role=alert] a").click()
                assert page.evaluate("document.activeElement.name") == "phone"
                is_well_made(page, screenshots, "profile-fault", 1280, "light")


def test_a_password_is_changed_and_other_sessions_end(browser, site, screenshots):
    with page_of(browser, site, expected=["401", "422"]) as page, page_of(browser, site) as other:
        sign_up(page)
        sign_in(other)
        other.wait_for_url("**/auth/me")
        page.get_by_role("link", name="Change your password").click()
        page.get_by_label("Current password").fill("not the password")
        page.get_by_label("New password").fill("another four quiet words")
        page.get_by_role("button", name="Change the password").click()
        page.wait_for_selector("[role=alert]")
        assert page.get_by_label("New password").input_value() == ""
        page.get_by_label("Current password").fill(PASSWORD)
        page.get_by_label("New password").fill("another four quiet words")
        page.get_by_role("button", name="Change the password").click()
        page.get_by_role("heading", name="Your password is changed").wait_for()
        other.goto("/auth/me")
        other.wait_for_url("**/auth/sign-in?next=*")
        sign_out(page)
        sign_in(page)
        page.wait_for_selector("[role=alert]")
        sign_in(page, "another four quiet words")
        page.wait_for_url("**/auth/me")


def test_sessions_are_listed_and_ended(browser, site, screenshots):
    with page_of(browser, site) as page, page_of(browser, site) as other, page_of(browser, site) as third:
        sign_up(page)
        for one in (other, third):
            sign_in(one)
            one.wait_for_url("**/auth/me")
        page.get_by_role("link", name="See your sessions").click()
        items = page.locator(".settings > li")
        assert items.count() == 3
        assert "this one" in items.first.inner_text()
        assert "Chrome on Linux" in items.first.inner_text(), items.first.inner_text()
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", items.first.locator("time").first.get_attribute("datetime"))
        is_well_made(page, screenshots, "sessions-three", 1280, "light")
        page.set_viewport_size({"width": 390, "height": 844})
        is_well_made(page, screenshots, "sessions-three", 390, "light")
        page.get_by_role("button", name=re.compile("^End the session")).first.click()
        page.wait_for_url("**/auth/sessions")
        assert items.count() == 2
        page.get_by_role("button", name="End all others").click()
        page.wait_for_url("**/auth/sessions")
        assert items.count() == 1
        assert page.get_by_role("button", name="End all others").count() == 0
        for one in (other, third):
            one.goto("/auth/me")
            one.wait_for_url("**/auth/sign-in?next=*")


def prepare_codes(page):
    """As far as the page that confirms them, with the right code typed."""
    page.goto("/auth/totp")
    page.get_by_role("link", name="Set codes up").click()
    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/auth/totp/confirm?*")
    secret = page.locator(".secret").inner_text()
    page.get_by_role("textbox", name="Code").fill(people.code(secret))


def test_codes_are_switched_on_used_and_off(browser, site, screenshots):
    with page_of(browser, site, expected=["422", "401"]) as page:
        sign_up(page)
        prepare_codes(page)
        assert page.locator(".code-picture svg").bounding_box()["width"] > 150
        is_well_made(page, screenshots, "totp-confirm", 1280, "light")
        page.set_viewport_size({"width": 390, "height": 844})
        page.emulate_media(color_scheme="dark")
        is_well_made(page, screenshots, "totp-confirm", 390, "dark")
        page.get_by_role("button", name="Switch codes on").click()
        page.get_by_role("heading", name="Your recovery codes").wait_for()
        is_well_made(page, screenshots, "recovery-codes", 390, "dark")
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(color_scheme="light")
        is_well_made(page, screenshots, "recovery-codes", 1280, "light")
        recovery = page.locator(".codes-once code").all_text_contents()
        assert len(set(recovery)) == len(recovery) >= 8, recovery
        page.get_by_role("link", name="I have kept them").click()
        assert f"{len(recovery)} recovery codes" in page.locator("main").inner_text()
        is_well_made(page, screenshots, "totp-on", 1280, "light")

        # Each recovery code lets in once.
        sign_out(page)
        sign_in(page)
        page.wait_for_url("**/auth/totp?ticket=*")
        is_well_made(page, screenshots, "totp-ask", 1280, "light")
        page.get_by_role("textbox", name="Code").fill("000000")
        page.get_by_role("button", name="Go on").click()
        page.wait_for_selector("[role=alert]")
        assert page.get_by_role("textbox", name="Code").input_value() == ""
        page.get_by_role("textbox", name="Code").fill(recovery[0])
        page.get_by_role("button", name="Go on").click()
        page.wait_for_url("**/auth/me")
        assert f"On, with {len(recovery) - 1} recovery codes left" in page.locator("main").inner_text()

        page.goto("/auth/totp/recovery")
        page.get_by_role("textbox", name="Code").fill(recovery[1])
        page.get_by_role("button", name="Make new ones").click()
        page.get_by_role("heading", name="Your recovery codes").wait_for()
        renewed = page.locator(".codes-once code").all_text_contents()
        assert not set(renewed) & set(recovery)

        page.goto("/auth/totp/remove")
        page.get_by_role("textbox", name="Code").fill(renewed[0])
        page.get_by_role("button", name="Switch codes off").click()
        page.get_by_role("heading", name="Codes are off").wait_for()
        sign_out(page)
        sign_in(page)
        page.wait_for_url("**/auth/me")


def authenticator(page):
    """A device with passkeys that answers at once (the WebDriver extension of Web Authentication, over CDP)."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, made["authenticatorId"]


def add_passkey(page, name="My phone", password=PASSWORD):
    page.goto("/auth/passkeys")
    page.get_by_label("What do you call it?").fill(name)
    page.get_by_label("Current password").fill(password)
    page.get_by_role("button", name="Add a passkey").click()


def test_a_passkey_is_added_and_signs_in(browser, site, screenshots):
    with page_of(browser, site, expected=["422", "401"]) as page:
        session, device = authenticator(page)
        sign_up(page)
        add_passkey(page, password="not the password")
        page.get_by_text("Current password: is not the password of this account.").wait_for()
        is_well_made(page, screenshots, "passkey-fault", 1280, "light")
        add_passkey(page)
        page.get_by_role("button", name="Remove My phone").wait_for()
        assert "Not used yet" in page.locator("main").inner_text()
        add_passkey(page, "Again")
        page.get_by_text("This device has a passkey for your account already.").wait_for()

        sign_out(page)
        page.goto("/auth/sign-in?next=/auth/passkeys")
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.get_by_text("Used in the last five minutes").wait_for()
        assert page.url == f"{site.address}/auth/passkeys"
        is_well_made(page, screenshots, "passkey-used", 1280, "light")

        page.get_by_role("button", name="Remove My phone").click()
        page.get_by_text("You have none yet.").wait_for()
        sign_out(page)
        page.goto("/auth/sign-in")
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.get_by_text("This passkey belongs to no account here.").wait_for()
        is_accessible(page)
        # Without a passkey the browser refuses by itself.
        session.send("WebAuthn.clearCredentials", {"authenticatorId": device})
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.get_by_text("No passkey came").wait_for()
        is_well_made(page, screenshots, "passkey-stopped", 1280, "light")


def test_a_browser_that_knows_passkeys_but_not_their_json_has_them_too(browser, site, screenshots):
    with page_of(browser, site) as page:
        authenticator(page)
        page.add_init_script(
            "delete PublicKeyCredential.parseCreationOptionsFromJSON;"
            "delete PublicKeyCredential.parseRequestOptionsFromJSON;"
            "delete PublicKeyCredential.prototype.toJSON;"
        )
        sign_up(page)
        add_passkey(page)
        page.get_by_role("button", name="Remove My phone").wait_for()
        assert page.evaluate("PublicKeyCredential.prototype.toJSON === undefined")
        sign_out(page)
        page.goto("/auth/sign-in")
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.wait_for_url("**/auth/me")


def test_pages_with_passkeys_say_what_they_lack(browser, site, screenshots):
    with page_of(browser, site, script=False) as page:
        page.goto("/auth/sign-in")
        assert not page.get_by_text("Sign in with a passkey").is_visible()
        sign_up(page)
        page.goto("/auth/passkeys")
        assert page.get_by_text("This needs JavaScript").is_visible()
        assert not page.get_by_role("button", name="Add a passkey").is_visible()


def test_an_api_key_is_made_used_and_deleted(browser, site, screenshots):
    with page_of(browser, site, expected=["422"]) as page:
        sign_up(page)
        page.goto("/auth/keys")
        page.get_by_label("Name").fill("Nightly export")
        page.get_by_label("Ends on").fill("2090-01-31")
        page.get_by_label("Current password").fill(PASSWORD)
        page.get_by_role("button", name="Make the key").click()
        page.wait_for_selector(".summary")
        assert page.get_by_label("Name").input_value() == "Nightly export"
        assert page.get_by_label("Ends on").input_value() == "2090-01-31"
        assert page.get_by_label("Current password").input_value() == ""
        page.get_by_role("link", name="What it may do").click()
        assert page.evaluate("document.activeElement.id") == "scope"
        orders = page.get_by_role("group", name="Orders")
        everything = page.get_by_role("group", name="All collections")
        everything.get_by_label("read").check()
        orders.get_by_label("create").check()
        page.get_by_role("button", name="Make the key").click()
        page.wait_for_selector(".summary")
        assert everything.get_by_label("read").is_checked() and orders.get_by_label("create").is_checked()
        assert not orders.get_by_label("delete").is_checked()
        is_well_made(page, screenshots, "key-fault", 1280, "light")
        page.get_by_label("Current password").fill(PASSWORD)
        page.get_by_role("button", name="Make the key").click()
        page.get_by_role("heading", name="The key “Nightly export”").wait_for()
        for width, height, scheme in SCREENS:
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=scheme)
            is_well_made(page, screenshots, "new-key", width, scheme)
        token = page.locator(".secret").inner_text()
        line = page.locator("pre.line").inner_text()
        assert f"{site.address}/api/orders" in line and token in line, line
        answer = page.request.get("/api/orders", headers={"Authorization": f"Bearer {token}"})
        assert answer.status == 200, answer.text()
        page.get_by_role("link", name="I have kept it").click()
        assert token not in page.content()
        page.set_viewport_size({"width": 390, "height": 844})
        page.emulate_media(color_scheme="light")
        is_well_made(page, screenshots, "keys-one", 390, "light")
        page.set_viewport_size({"width": 1280, "height": 900})
        is_well_made(page, screenshots, "keys-one", 1280, "light")
        # All collections are all, also the one that has a tick of its own.
        assert page.locator(".key dt").all_text_contents()[:2] == ["Orders", "All others"]
        assert page.locator(".key dd").all_text_contents()[:2] == ["read, create", "read"]
        assert "31 January 2090" in page.locator(".key").inner_text()
        page.get_by_role("button", name="Delete the key Nightly export").click()
        page.get_by_text("You have none yet.").wait_for()
        refused = page.context.browser.new_context(base_url=site.address)
        assert refused.request.get("/api/orders", headers={"Authorization": f"Bearer {token}"}).status == 401
        refused.close()


def test_mail_confirms_an_address(browser, site, screenshots):
    for width, height, scheme in SCREENS:
        with page_of(browser, site, width, height, scheme=scheme) as page:
            if width == 390 and scheme == "light":
                page.goto("/dev/mail")
                assert "None yet" in page.locator("main").inner_text()
                is_well_made(page, screenshots, "mails-none", width, scheme)
            sign_up(page, f"ada-{width}-{scheme}@example.org")
            assert "Not confirmed yet" in page.locator("main").inner_text()
            page.goto("/dev/mail")
            is_well_made(page, screenshots, "mails", width, scheme)
            page.locator(".settings a").first.click()
            page.wait_for_selector("iframe.mail")
            page.frame_locator("iframe.mail").locator("a[href*='/auth/verify']").first.wait_for()
            is_well_made(page, screenshots, "mail", width, scheme)
            page.frame_locator("iframe.mail").locator("a[href*='/auth/verify']").first.click()
            page.wait_for_url("**/auth/verify?token=*")
            is_well_made(page, screenshots, "verify-link", width, scheme)
            page.get_by_role("button", name="Confirm").click()
            page.get_by_role("heading", name="Your address is confirmed").wait_for()
            page.goto("/auth/me")
            assert "Not confirmed yet" not in page.locator("main").inner_text()


def test_a_forgotten_password_is_replaced_by_mail(browser, site, screenshots):
    with page_of(browser, site, expected=["401"]) as page:
        sign_up(page)
        sign_out(page)
        page.goto("/auth/sign-in")
        page.get_by_role("link", name="I forgot my password").click()
        page.get_by_label("E-mail address").fill(EMAIL)
        page.get_by_role("button", name="Send the mail").click()
        page.get_by_role("heading", name="Look into your mail").wait_for()
        people.mailed_link(page, re.compile("password", re.IGNORECASE))
        is_well_made(page, screenshots, "reset-link", 1280, "light")
        page.get_by_label("Password").fill("a password after that")
        page.get_by_role("button", name="Set the password").click()
        page.get_by_role("heading", name="Your password is changed").wait_for()
        sign_in(page)
        page.wait_for_selector("[role=alert]")
        sign_in(page, "a password after that")
        page.wait_for_url("**/auth/me")


def test_an_account_is_deleted(browser, site, screenshots):
    with page_of(browser, site, script=False, expected=["401"]) as page:
        sign_up(page)
        page.get_by_role("link", name="Delete your account").click()
        page.get_by_label("Current password").fill(PASSWORD)
        page.get_by_role("button", name="Delete my account").click()
        page.get_by_role("heading", name="Your account is deleted").wait_for()
        sign_in(page)
        page.wait_for_selector("[role=alert]")


def test_a_provider_is_shown_and_disconnected(browser, site, screenshots):
    with page_of(browser, site) as page:
        page.goto("/auth/sign-in")
        assert page.get_by_role("link", name="Example").get_attribute("href") == "/auth/with/example"
        sign_up(page)
        page.get_by_role("link", name="Connect Example").click()
        page.get_by_role("heading", name="Connect Example").wait_for()
        is_well_made(page, screenshots, "connect", 390, "light")
        page.get_by_role("link", name="Back to your account").click()
        page.wait_for_url("**/auth/me")
        # What a visit to the provider leaves behind.
        with sqlite3.connect(site.app / "data/offstage.db") as database:
            (user,) = database.execute("SELECT id FROM users").fetchone()
            values = ("example:0", "subject", user, "ada@id.example.org", 1_795_694_640_000)
            database.execute('INSERT INTO _identities (provider, subject, "user", email, created) VALUES (?, ?, ?, ?, ?)', values)
        database.close()
        page.reload()
        assert "Connected as ada@id.example.org" in page.locator("main").inner_text()
        for width, scheme in ((390, "light"), (1280, "dark")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            is_well_made(page, screenshots, "connected", width, scheme)
        page.get_by_role("button", name="Disconnect Example").click()
        page.get_by_role("link", name="Connect Example").wait_for()
        assert page.url.endswith("/auth/me")


def test_an_account_without_a_password_sets_one(browser, site, screenshots):
    with page_of(browser, site, script=False) as page:
        sign_up(page)
        # As one that came through a provider.
        with sqlite3.connect(site.app / "data/offstage.db") as database:
            database.execute("UPDATE _accounts SET password = NULL")
        database.close()
        for name in ("email", "me/delete", "totp/setup", "passkeys", "keys"):
            page.goto(f"/auth/{name}")
            assert page.get_by_label("Current password").count() == 0, name
        page.goto("/auth/me")
        page.get_by_role("link", name="Set a password").click()
        assert page.locator("h1").inner_text() == "Set a password"
        page.get_by_label("New password").fill("a first password")
        page.get_by_role("button", name="Set the password").click()
        page.get_by_role("heading", name="Your password is changed").wait_for()
        page.goto("/auth/password")
        assert page.get_by_label("Current password").count() == 1


VISITORS = ("sign-in", "sign-up", "sign-out", "reset", "link")
OWN = (
    "me", "verify", "password", "email", "me/delete", "sessions", "totp", "totp/setup", "totp/recovery", "totp/remove", "passkeys",
    "keys",
)


def test_every_page_of_accounts_is_shown_on_every_screen(browser, site, screenshots):
    kept = None
    for width, height, scheme in SCREENS:
        with page_of(browser, site, width, height, scheme=scheme) as page:
            for name in VISITORS:
                page.goto(f"/auth/{name}")
                is_well_made(page, screenshots, name, width, scheme)
            if kept:
                page.context.add_cookies(kept)
            else:
                sign_up(page)
                kept = page.context.cookies()
            for name in OWN:
                answer = page.goto(f"/auth/{name}")
                assert answer.status == 200 and page.url.endswith(f"/auth/{name}"), page.url
                is_well_made(page, screenshots, name.replace("/", "-"), width, scheme)
            page.set_viewport_size({"width": 320, "height": 640})
            for name in OWN:
                page.goto(f"/auth/{name}")
                has_no_sideways_scroll(page)


def test_no_page_of_accounts_may_be_framed_or_kept(browser, site, screenshots):
    with page_of(browser, site) as page:
        sign_up(page)
        for name in VISITORS + OWN:
            answer = page.goto(f"/auth/{name}")
            policy = answer.headers["content-security-policy"]
            assert "frame-ancestors 'none'" in policy, f"{name}: {policy}"
            assert "default-src 'none'" in policy and "unsafe-inline" not in policy, f"{name}: {policy}"
            assert ("script-src 'self'" in policy) == (name in ("sign-in", "passkeys")), f"{name}: {policy}"
            assert answer.headers["cache-control"] == "no-store", name
