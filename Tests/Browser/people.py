"""A site with accounts, and a person who uses one."""

import base64
import hashlib
import hmac
import struct
import time

from shop import Shop

APP = """\
offstage: 1
name: Corner Shop
collections:
  orders:
    fields:
      customer: {type: relation, to: users, assign: user.id, on_delete: cascade}
      total: {type: decimal, digits: 12, scale: 2, required: true}
    access: {read: customer == user.id, create: has(user.id)}
accounts:
  sign_up: open
  fields:
    phone: {type: text, max: 30, label: Phone}
    newsletter: {type: boolean, default: false, label: Write to me about offers}
  providers:
    example: {discovery: "https://id.example.org/.well-known/openid-configuration", client: corner-shop, label: Example}
"""

EMAIL = "ada@example.org"
PASSWORD = "four quiet words here"


class AccountsSite(Shop):
    """Accounts that whoever wants one makes, and mail that is kept at /dev/mail."""

    def prepare(self):
        self.app.mkdir()
        (self.app / "offstage.yaml").write_text(APP)


def sign_up(page, email=EMAIL, name="Ada Lovelace"):
    page.goto("/auth/sign-up")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Make the account").click()
    page.wait_for_url("**/auth/me")


def sign_in(page, password=PASSWORD, email=EMAIL):
    page.goto("/auth/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page):
    page.goto("/auth/me")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/")


def mailed_link(page, subject):
    """Follows the link in the HTML part of the newest mail with such a subject."""
    page.goto("/dev/mail")
    page.get_by_role("link", name=subject).first.click()
    page.wait_for_selector("iframe.mail")
    page.frame_locator("iframe.mail").locator("a[href*='/auth/']").first.click()
    page.wait_for_url("**/auth/**")


def code(secret, at=None):
    """The six digits of an authenticator app (RFC 6238)."""
    padded = secret.replace(" ", "") + "=" * (-len(secret.replace(" ", "")) % 8)
    moment = struct.pack(">Q", int(time.time() if at is None else at) // 30)
    digest = hmac.new(base64.b32decode(padded), moment, hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset:offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"
