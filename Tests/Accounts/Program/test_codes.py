"""Codes, as pyotp makes them."""

import time, unittest

import pyotp

from serving import PASSWORD, Served


class Codes(unittest.TestCase):
    def test_an_authenticator_app_signs_in(self):
        with Served() as app:
            email, token = app.sign_up()
            setup = app.post("/auth/totp/setup", {"password": PASSWORD}, token).json()
            authenticator = pyotp.parse_uri(setup["uri"])
            self.assertEqual((authenticator.issuer, authenticator.name), ("Corner Shop", email))
            self.assertEqual(authenticator.secret, setup["secret"])
            first = authenticator.now()
            confirmed = app.post("/auth/totp/confirm", {"ticket": setup["ticket"], "code": first}, token)
            self.assertEqual(confirmed.status_code, 200, confirmed.text)
            self.assertEqual(len(confirmed.json()["recovery_codes"]), 10)
            # A password alone is half of it, and the code that confirmed is used up.
            half = app.sign_in(email).json()
            self.assertEqual(half["needs"], "totp")
            self.assertEqual(app.post("/auth/totp", {"ticket": half["ticket"], "code": first}).status_code, 422)
            # The one of the next half minute is taken early, since clocks differ, and no later one before it again.
            later = authenticator.at(int(time.time()) + 30)
            done = app.post("/auth/totp", {"ticket": half["ticket"], "code": later})
            self.assertEqual(done.status_code, 200, done.text)
            self.assertEqual(app.get("/auth/me", done.json()["token"]).json()["email"], email)
            self.assertEqual(app.sign_in(email, code=later).status_code, 422)
            self.assertEqual(app.sign_in(email, code=first).status_code, 422)
            recovery = confirmed.json()["recovery_codes"][3]
            self.assertIn("token", app.sign_in(email, code=recovery).json())
            self.assertEqual(app.sign_in(email, code=recovery).status_code, 422)
