"""Signing in with an OpenID provider: Authlib's, in provider.py."""

import subprocess, sys, unittest
from urllib.parse import parse_qs, urlsplit

import requests

from serving import APP, FOLDER, PASSWORD, Lines, Served


class Provider:
    def __enter__(self):
        self.process = subprocess.Popen(
            [sys.executable, FOLDER.parent / "provider.py", "--client", "shop", "--secret", "s3cret"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.issuer = Lines(self.process.stdout).wait(r"(http://\S+)").group(1)
        return self

    def __exit__(self, *failure):
        self.process.kill()
        self.process.wait()

    def is_about(self, **user):
        requests.post(f"{self.issuer}/test/user", json=user, timeout=10).raise_for_status()

    def served(self, sign_up="open", allowed="127.0.0.1", secret="s3cret"):
        more = f"""
  providers:
    acme: {{discovery: "{self.issuer}/.well-known/openid-configuration", client: shop, label: Acme}}
"""
        environment = {"OFFSTAGE_OUTGOING_ALLOW": allowed, "OFFSTAGE_PROVIDER_ACME_SECRET": secret}
        return Served(APP.replace("sign_up: open", f"sign_up: {sign_up}"), more, environment)


class Browser:
    """Keeps cookies, and follows where it is sent."""

    def __init__(self, app, token=None):
        self.app, self.session = app, requests.Session()
        if token:
            self.session.cookies.set("offstage_session", token)

    def leave(self, **more):
        answer = self.session.get(self.app.base + "/auth/with/acme", allow_redirects=False, timeout=30)
        return answer

    def agree(self, location, hint="ada"):
        """At the provider's page, which sends the browser back."""
        answer = requests.get(location + f"&login_hint={hint}", allow_redirects=False, timeout=30)
        assert answer.status_code in (302, 303), answer.text
        return answer.headers["Location"]

    def come_back(self, location):
        return self.session.get(location, allow_redirects=False, timeout=30)

    def connect(self, password=PASSWORD):
        """Begins to connect the account that is signed in."""
        return self.session.post(self.app.base + "/auth/with/acme/connect", json={"password": password},
                                 headers={"Origin": self.app.base}, allow_redirects=False, timeout=30)

    def sign_in(self, hint="ada"):
        left = self.leave()
        assert left.status_code == 303, left.text
        return self.come_back(self.agree(left.headers["Location"], hint))

    def me(self):
        return self.session.get(self.app.base + "/auth/me", timeout=30, headers={"Accept": "application/json"})


class Providers(unittest.TestCase):
    def test_a_first_visit_makes_an_account_and_the_next_finds_it(self):
        with Provider() as provider, provider.served() as app:
            provider.is_about(sub="1", email="ada@example.com", email_verified=True, name="Ada")
            browser = Browser(app)
            back = browser.sign_in()
            self.assertEqual((back.status_code, back.headers["Location"]), (303, "/auth/me"), back.text)
            first = browser.me().json()
            self.assertEqual((first["email"], first["name"], first["verified"]), ("ada@example.com", "Ada", True))
            # The person is who they are there, whatever their address becomes.
            provider.is_about(email="countess@example.com")
            again = Browser(app)
            again.sign_in()
            self.assertEqual(again.me().json()["id"], first["id"])
            # They have no password, and set their first one in a fresh session.
            token = again.session.cookies["offstage_session"]
            self.assertEqual(app.sign_in("ada@example.com", "").status_code, 422)
            changed = app.post("/auth/password", {"new_password": PASSWORD}, token)
            self.assertEqual(changed.status_code, 204, changed.text)
            self.assertEqual(app.sign_in("ada@example.com").status_code, 200)

    def test_the_same_address_is_not_the_same_account(self):
        with Provider() as provider, provider.served() as app:
            email, token = app.sign_up("ada@example.com")
            provider.is_about(sub="1", email=email, email_verified=True, name="Ada")
            stranger = Browser(app)
            refused = stranger.sign_in()
            self.assertEqual(refused.status_code, 409, refused.text)
            self.assertEqual(stranger.me().status_code, 401)
            # Who is signed in to the account may connect it; then the provider signs in to it.
            owner = Browser(app, token)
            # Not by being led there by any page, and not without the password.
            self.assertEqual(owner.sign_in().status_code, 409)
            self.assertEqual(owner.connect("not the password").status_code, 422)
            began = owner.connect()
            self.assertEqual(began.status_code, 200, began.text)
            self.assertEqual(owner.come_back(owner.agree(began.json()["location"])).status_code, 303)
            known = Browser(app)
            self.assertEqual(known.sign_in().status_code, 303)
            self.assertEqual(known.me().json()["email"], email)
            # One account there is one account here.
            _, other = app.sign_up("eve@example.com")
            eve = Browser(app, other)
            self.assertEqual(eve.come_back(eve.agree(eve.connect().json()["location"])).status_code, 409)
            self.assertEqual(app.send("DELETE", "/auth/with/acme", None, token).status_code, 204)
            self.assertEqual(Browser(app).sign_in().status_code, 409)

    def test_what_another_browser_began_is_not_finished(self):
        with Provider() as provider, provider.served() as app:
            provider.is_about(sub="1", email="ada@example.com", email_verified=True)
            attacker, victim = Browser(app), Browser(app)
            back = attacker.agree(attacker.leave().headers["Location"])
            self.assertEqual(victim.come_back(back).status_code, 401)
            victim.leave()
            # A state is used up with the first try, whoever made it.
            self.assertEqual(victim.come_back(back).status_code, 401)
            self.assertEqual(attacker.come_back(back).status_code, 401)
            fresh = Browser(app)
            back = fresh.agree(fresh.leave().headers["Location"])
            self.assertEqual(fresh.come_back(back).status_code, 303)
            self.assertEqual(fresh.come_back(back).status_code, 401)
            asked = parse_qs(urlsplit(fresh.leave().headers["Location"]).query)
            self.assertEqual(asked["code_challenge_method"], ["S256"])
            self.assertEqual(asked["redirect_uri"], [f"{app.base}/auth/with/acme/callback"])
            for name in ("state", "nonce", "code_challenge"):
                self.assertGreaterEqual(len(asked[name][0]), 43)

    def test_an_address_that_the_provider_did_not_check_is_not_proven(self):
        with Provider() as provider, provider.served() as app:
            provider.is_about(sub="1", email="ada@example.com", email_verified=False)
            browser = Browser(app)
            browser.sign_in()
            self.assertIs(browser.me().json()["verified"], False)
            app.output.wait("Mail to ada@example.com")

    def test_who_does_not_agree_is_not_signed_in(self):
        with Provider() as provider, provider.served() as app:
            browser = Browser(app)
            self.assertEqual(browser.sign_in("deny").status_code, 401)
            self.assertEqual(browser.me().status_code, 401)

    def test_a_closed_app_takes_nobody_new(self):
        with Provider() as provider, provider.served(sign_up="closed") as app:
            provider.is_about(sub="1", email="ada@example.com", email_verified=True)
            self.assertEqual(Browser(app).sign_in().status_code, 403)

    def test_this_machine_is_not_asked_unless_the_operator_says_so(self):
        with Provider() as provider, provider.served(allowed="") as app:
            self.assertEqual(Browser(app).leave().status_code, 503)

    def test_a_wrong_secret_signs_nobody_in(self):
        with Provider() as provider, provider.served(secret="wrong") as app:
            provider.is_about(sub="1", email="ada@example.com", email_verified=True)
            self.assertIn(Browser(app).sign_in().status_code, (401, 503))
            self.assertNotIn("wrong", app.output.text)
