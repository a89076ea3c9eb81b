#!/usr/bin/env python3
"""An OpenID provider to test against: Authlib's, on a free port of 127.0.0.1 over plain http.

    python provider.py --client shop --secret s3cret [--email ada@example.com ...]

prints its issuer on one line when it listens, such as http://127.0.0.1:40123, and runs until it is stopped. It serves discovery,
/authorize, /token, /jwks and /userinfo. /authorize shows a form with the name of the person and the buttons Approve and Deny;
with login_hint in the query it approves at once, with login_hint=deny it denies.

Who the person is, and how the provider behaves, tests choose with JSON:

    POST /test/user      {"sub": ..., "email": ..., "email_verified": ..., "name": ...}   any of them; null takes it away
    POST /test/settings  {"algorithm": "ES256", "claims_in_token": false, "claims": {"aud": "other"}, "names_issuer": false}
    POST /test/rotate    signs with new keys from now on and serves no others
"""

import argparse
import json
import os
import secrets
import time

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, TokenMixin, list_to_scope, scope_to_list
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc9207 import IssuerParameter
from authlib.oidc.core import UserInfo, UserInfoEndpoint
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, jsonify, request
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey
from markupsafe import escape
from werkzeug.serving import make_server

SCOPES = ["openid", "email", "profile"]
LOOPBACK = ("http://127.0.0.1:", "http://localhost:", "http://[::1]:")


class Client(ClientMixin):
    id_token_signed_response_alg = None

    def __init__(self, identifier, secret, methods):
        self.client_id, self.secret, self.methods = identifier, secret, methods
        self.client_metadata = {}

    def get_client_id(self):
        return self.client_id

    def get_default_redirect_uri(self):
        return None

    def get_allowed_scope(self, scope):
        return list_to_scope([word for word in scope_to_list(scope or "") if word in SCOPES])

    def check_redirect_uri(self, redirect_uri):
        return redirect_uri.startswith(LOOPBACK)

    def check_client_secret(self, client_secret):
        return self.secret is not None and self.secret == client_secret

    def check_endpoint_auth_method(self, method, endpoint):
        return method in self.methods

    def check_response_type(self, response_type):
        return response_type == "code"

    def check_grant_type(self, grant_type):
        return grant_type == "authorization_code"


class Code(AuthorizationCodeMixin):
    def __init__(self, request):
        data = request.payload.data
        self.client_id = request.client.client_id
        self.redirect_uri = request.payload.redirect_uri
        self.scope = request.scope
        self.user = request.user
        self.nonce = data.get("nonce")
        self.code_challenge = data.get("code_challenge")
        self.code_challenge_method = data.get("code_challenge_method")
        self.at = int(time.time())

    def get_redirect_uri(self):
        return self.redirect_uri

    def get_scope(self):
        return self.scope

    def get_nonce(self):
        return self.nonce

    def get_auth_time(self):
        return self.at

    def get_acr(self):
        return None

    def get_amr(self):
        return None


class Token(TokenMixin):
    def __init__(self, client, user, scope):
        self.client, self.user, self.scope = client, user, scope

    def check_client(self, client):
        return client.client_id == self.client.client_id

    def get_scope(self):
        return self.scope

    def get_expires_in(self):
        return 3600

    def is_expired(self):
        return False

    def is_revoked(self):
        return False

    def get_client(self):
        return self.client

    def get_user(self):
        return self.user


class Provider:
    """What the provider knows; everything is forgotten when it ends."""

    def __init__(self, client, user):
        self.client, self.user = client, user
        self.issuer = None
        self.codes, self.tokens, self.nonces = {}, {}, set()
        self.settings = {"algorithm": "RS256", "claims_in_token": True, "claims": {}, "names_issuer": True}
        self.rotate()

    def rotate(self):
        def named():
            return {"kid": secrets.token_hex(4), "use": "sig"}

        self.keys = {
            "RS256": RSAKey.generate_key(2048, named()),
            "ES256": ECKey.generate_key("P-256", named()),
            "EdDSA": OKPKey.generate_key("Ed25519", named()),
        }
        self.keys["PS256"] = self.keys["RS256"]

    def jwks(self):
        unique = {id(key): key for key in self.keys.values()}
        return KeySet(list(unique.values())).as_dict(private=False)

    def claims(self, user, scope):
        return UserInfo({name: value for name, value in user.items() if value is not None}).filter(scope)


class CodeGrant(AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post", "none"]
    provider = None

    def save_authorization_code(self, code, request):
        self.provider.codes[code] = Code(request)
        self.provider.nonces.add(request.payload.data.get("nonce"))

    def query_authorization_code(self, code, client):
        # Any use of a code is its last, also one that fails.
        kept = self.provider.codes.pop(code, None)
        return kept if kept and kept.client_id == client.client_id and time.time() < kept.at + 300 else None

    def delete_authorization_code(self, authorization_code):
        pass

    def authenticate_user(self, authorization_code):
        return authorization_code.user


class IDToken(OpenIDCode):
    def __init__(self, provider):
        super().__init__(require_nonce=True)
        self.provider = provider

    def exists_nonce(self, nonce, request):
        return nonce in self.provider.nonces

    def resolve_client_private_key(self, client):
        return self.provider.keys[self.provider.settings["algorithm"]]

    def get_client_algorithm(self, client):
        return self.provider.settings["algorithm"]

    def get_encode_header(self, client):
        algorithm = self.provider.settings["algorithm"]
        return {"alg": algorithm, "kid": self.provider.keys[algorithm].kid}

    def get_client_claims(self, client):
        return {"iss": self.provider.issuer, "aud": [client.client_id]}

    def generate_user_info(self, user, scope):
        shown = scope if self.provider.settings["claims_in_token"] else "openid"
        return self.provider.claims(user, shown) | self.provider.settings["claims"]


class PersonEndpoint(UserInfoEndpoint):
    provider = None

    def generate_user_info(self, user, scope):
        return self.provider.claims(user, scope)


class Tokens(BearerTokenValidator):
    def __init__(self, provider):
        super().__init__()
        self.provider = provider

    def authenticate_token(self, token_string):
        return self.provider.tokens.get(token_string)


class NamedIssuer(IssuerParameter):
    def __init__(self, provider):
        self.provider = provider

    def get_issuer(self):
        return self.provider.issuer if self.provider.settings["names_issuer"] else None


PAGE = """<!doctype html><html lang="en"><title>Sign in</title><h1>Sign in to {client}</h1>
<form method="post"><label>Name <input name="name" value="{name}"></label>
<button name="answer" value="approve">Approve</button> <button name="answer" value="deny">Deny</button></form></html>"""


def routes(app, server, provider):
    @app.get("/.well-known/openid-configuration")
    def discovery():
        issuer = provider.issuer
        return jsonify(
            issuer=issuer,
            authorization_endpoint=f"{issuer}/authorize",
            token_endpoint=f"{issuer}/token",
            jwks_uri=f"{issuer}/jwks",
            userinfo_endpoint=f"{issuer}/userinfo",
            response_types_supported=["code"],
            subject_types_supported=["public"],
            scopes_supported=SCOPES,
            id_token_signing_alg_values_supported=sorted(provider.keys),
            token_endpoint_auth_methods_supported=provider.client.methods,
            code_challenge_methods_supported=["S256"],
            authorization_response_iss_parameter_supported=provider.settings["names_issuer"],
        )

    @app.route("/authorize", methods=["GET", "POST"])
    def authorize():
        try:
            grant = server.get_consent_grant(end_user=provider.user)
        except OAuth2Error as error:
            return server.handle_error_response(request, error)
        hint = request.args.get("login_hint")
        if request.method == "GET" and hint is None:
            return PAGE.format(client=escape(provider.client.client_id), name=escape(provider.user.get("name") or ""))
        denied = hint == "deny" or request.form.get("answer") == "deny"
        user = dict(provider.user)
        if request.form.get("name"):
            user["name"] = request.form["name"]
        return server.create_authorization_response(grant=grant, grant_user=None if denied else user)

    @app.post("/token")
    def token():
        return server.create_token_response()

    @app.get("/jwks")
    def jwks():
        return jsonify(provider.jwks())

    @app.route("/userinfo", methods=["GET", "POST"])
    def userinfo():
        return server.create_endpoint_response("userinfo")

    @app.post("/test/user")
    def set_user():
        provider.user = {**provider.user, **request.get_json()}
        return jsonify(provider.user)

    @app.post("/test/settings")
    def set_settings():
        provider.settings = {**provider.settings, **request.get_json()}
        return jsonify(provider.settings)

    @app.post("/test/rotate")
    def rotate():
        provider.rotate()
        return jsonify(provider.jwks())


def made(provider):
    """The Flask application."""
    app = Flask("provider")

    def save_token(token, request):
        provider.tokens[token["access_token"]] = Token(request.client, request.user, token["scope"])

    server = AuthorizationServer(
        app,
        query_client=lambda name: provider.client if name == provider.client.client_id else None,
        save_token=save_token,
    )
    challenge = CodeChallenge(required=True)
    challenge.SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]
    grant = type("Grant", (CodeGrant,), {"provider": provider})
    server.register_grant(grant, [IDToken(provider), challenge])
    server.register_extension(NamedIssuer(provider))
    protector = ResourceProtector()
    protector.register_token_validator(Tokens(provider))
    endpoint = PersonEndpoint(resource_protector=protector)
    endpoint.provider = provider
    server.register_endpoint(endpoint)
    routes(app, server, provider)
    return app


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--port", type=int, default=0, help="a free one unless given")
    options.add_argument("--client", default="offstage")
    options.add_argument("--secret", help="none for a public client")
    options.add_argument("--method", choices=["client_secret_basic", "client_secret_post"], default="client_secret_basic")
    options.add_argument("--sub", default="ada-1")
    options.add_argument("--email", default="ada@example.com")
    options.add_argument("--email-verified", type=json.loads, default=True, help="true or false")
    options.add_argument("--name", default="Ada Lovelace")
    given = options.parse_args()
    client = Client(given.client, given.secret, [given.method] if given.secret else ["none"])
    user = {"sub": given.sub, "email": given.email, "email_verified": given.email_verified, "name": given.name}
    provider = Provider(client, user)
    # Authlib refuses http unless it is told that this is a test.
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    server = make_server("127.0.0.1", given.port, made(provider), threaded=True)
    provider.issuer = f"http://127.0.0.1:{server.port}"
    print(provider.issuer, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
