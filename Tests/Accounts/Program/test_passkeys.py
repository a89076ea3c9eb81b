"""Passkeys, with soft-webauthn's authenticator."""

import json, struct, unittest

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.utils import sha256
from soft_webauthn import SoftWebauthnDevice

from serving import PASSWORD, Served, padded, unpadded

USER_PRESENT, USER_VERIFIED = 0x01, 0x04


class Authenticator(SoftWebauthnDevice):
    """soft-webauthn's, which says as well that it checked its user's finger, unless told otherwise."""

    verifies = True

    def create(self, options, origin):
        made = super().create(options, origin)
        if self.verifies:
            statement = cbor.decode(made["response"]["attestationObject"])
            data = bytearray(statement["authData"])
            data[32] |= USER_VERIFIED
            made["response"]["attestationObject"] = cbor.encode({**statement, "authData": bytes(data)})
        return made

    def get(self, options, origin):
        made = super().get(options, origin)
        if self.verifies:
            data = bytearray(made["response"]["authenticatorData"])
            data[32] |= USER_VERIFIED
            made["response"]["authenticatorData"] = bytes(data)
            signed = bytes(data) + sha256(made["response"]["clientDataJSON"])
            made["response"]["signature"] = self.private_key.sign(signed, ec.ECDSA(hashes.SHA256()))
        return made


def as_json(made):
    """As a browser's toJSON() writes it."""
    identifier = made["id"] if isinstance(made["id"], str) else made["id"].decode()
    response = {name: unpadded(value) for name, value in made["response"].items() if value is not None}
    return {"id": identifier.rstrip("="), "rawId": unpadded(made["rawId"]), "type": made["type"], "response": response,
            "clientExtensionResults": {}}


def as_bytes(options):
    """The options as a browser hands them to an authenticator."""
    options = dict(options, challenge=padded(options["challenge"]))
    if "user" in options:
        options["user"] = dict(options["user"], id=padded(options["user"]["id"]))
    return {"publicKey": options}


class Passkeys(unittest.TestCase):
    def register(self, app, token, device, origin=None):
        asked = app.post("/auth/passkeys/options", {"password": PASSWORD}, token)
        self.assertEqual(asked.status_code, 200, asked.text)
        made = device.create(as_bytes(asked.json()["options"]), origin or app.base)
        body = {"ticket": asked.json()["ticket"], "name": "My key", "credential": as_json(made)}
        return app.post("/auth/passkeys", body, token), body

    def assertion(self, app, device, origin=None):
        asked = app.post("/auth/passkeys/sign-in/options").json()
        made = device.get(as_bytes(asked["options"]), origin or app.base)
        return {"ticket": asked["ticket"], "credential": as_json(made)}

    def test_a_passkey_signs_in_without_a_name(self):
        with Served() as app:
            email, token = app.sign_up()
            device = Authenticator()
            registered, body = self.register(app, token, device)
            self.assertEqual(registered.status_code, 201, registered.text)
            self.assertEqual(app.post("/auth/passkeys", body, token).status_code, 401)
            listed = app.get("/auth/passkeys", token).json()["items"]
            self.assertEqual([key["name"] for key in listed], ["My key"])
            answer = self.assertion(app, device)
            signed_in = app.post("/auth/passkeys/sign-in", answer)
            self.assertEqual(signed_in.status_code, 200, signed_in.text)
            self.assertEqual(signed_in.json()["user"]["email"], email)
            # The same answer is good once.
            self.assertEqual(app.post("/auth/passkeys/sign-in", answer).status_code, 401)
            self.assertEqual(app.post("/auth/passkeys/sign-in", self.assertion(app, device)).status_code, 200)
            removed = app.send("DELETE", f"/auth/passkeys/{listed[0]['id']}", None, token)
            self.assertEqual(removed.status_code, 204)
            self.assertEqual(app.post("/auth/passkeys/sign-in", self.assertion(app, device)).status_code, 401)

    def test_a_copied_passkey_is_found_by_its_counter(self):
        with Served() as app:
            _, token = app.sign_up()
            device = Authenticator()
            self.register(app, token, device)
            self.assertEqual(app.post("/auth/passkeys/sign-in", self.assertion(app, device)).status_code, 200)
            device.sign_count = 0
            refused = app.post("/auth/passkeys/sign-in", self.assertion(app, device))
            self.assertEqual(refused.status_code, 401, refused.text)

    def test_who_was_not_checked_is_refused(self):
        with Served() as app:
            _, token = app.sign_up()
            careless = Authenticator()
            careless.verifies = False
            self.assertEqual(self.register(app, token, careless)[0].status_code, 401)
            device = Authenticator()
            self.register(app, token, device)
            device.verifies = False
            self.assertEqual(app.post("/auth/passkeys/sign-in", self.assertion(app, device)).status_code, 401)

    def test_another_site_gets_nothing(self):
        with Served() as app:
            _, token = app.sign_up()
            device = Authenticator()
            self.assertEqual(self.register(app, token, device, "https://evil.example")[0].status_code, 401)
            self.register(app, token, device)
            for origin in ("https://evil.example", app.base + ".evil.example", app.base.replace("http:", "https:")):
                answer = self.assertion(app, device, origin)
                self.assertEqual(app.post("/auth/passkeys/sign-in", answer).status_code, 401, origin)

    def test_a_passkey_is_nobody_elses(self):
        with Served() as app:
            _, token = app.sign_up()
            _, other = app.sign_up()
            device = Authenticator()
            self.assertEqual(self.register(app, token, device)[0].status_code, 201)
            # Somebody else's answer to their own question does not become mine.
            asked = app.post("/auth/passkeys/options", {"password": PASSWORD}, token).json()
            made = Authenticator().create(as_bytes(asked["options"]), app.base)
            body = {"ticket": asked["ticket"], "name": "x", "credential": as_json(made)}
            self.assertEqual(app.post("/auth/passkeys", body, other).status_code, 401)
            for credential in (None, {}, {"id": "x"}, [], "x", {"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}):
                asked = app.post("/auth/passkeys/sign-in/options").json()
                answer = app.post("/auth/passkeys/sign-in", {"ticket": asked["ticket"], "credential": credential})
                self.assertIn(answer.status_code, (401, 422), credential)

    def test_a_passkey_is_both_factors(self):
        import pyotp
        with Served() as app:
            _, token = app.sign_up()
            device = Authenticator()
            self.register(app, token, device)
            setup = app.post("/auth/totp/setup", {"password": PASSWORD}, token).json()
            code = pyotp.TOTP(setup["secret"]).now()
            app.post("/auth/totp/confirm", {"ticket": setup["ticket"], "code": code}, token)
            self.assertIn("token", app.post("/auth/passkeys/sign-in", self.assertion(app, device)).json())
