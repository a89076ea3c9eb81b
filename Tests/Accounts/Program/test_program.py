"""Accounts as whoever runs an app meets them: commands, mail, secrets, restarts."""

import json, os, re, stat, subprocess, sys, tempfile, time, unittest
from pathlib import Path

import pyotp
import requests

from serving import FOLDER, PASSWORD, Lines, Served


def token_of(link):
    return link.strip().rsplit("=", 1)[1]


class MailServer:
    """aiosmtpd, as Tests/Mail has it."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.process = subprocess.Popen(
            [sys.executable, FOLDER.parent.parent / "Mail/smtp_server.py", self.folder.name], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())
        return self

    def __exit__(self, *failure):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(10)
        self.folder.cleanup()

    def mails(self, count):
        """The first mails that came, once there are so many."""
        until = time.monotonic() + 30
        while True:
            files = sorted(Path(self.folder.name).glob("*.json"))
            if len(files) >= count:
                return [json.loads(file.read_text()) for file in files]
            assert time.monotonic() < until, files
            time.sleep(0.05)


class Program(unittest.TestCase):
    def test_the_first_owner_comes_by_the_link_that_is_printed(self):
        with Served() as app:
            link = app.output.wait(r"(http://\S+/auth/sign-up\?invite=\S+)").group(1)
            self.assertTrue(link.startswith(app.base))
            self.assertIn("owner", requests.get(link, headers={"Accept": "text/html"}, timeout=10).text)
            body = {"email": "ada@example.com", "password": PASSWORD, "invite": token_of(link)}
            self.assertEqual(app.post("/auth/sign-up", body).json()["user"]["team"], "owner")
            self.assertEqual(app.post("/auth/sign-up", {**body, "email": "eve@example.com"}).status_code, 401)
            app.stop()
            app.start()
            self.assertNotIn("invite", app.output.text)

    def test_the_commands(self):
        with Served() as app:
            added = app.command("user", "add", "ada@example.com", "--name", "Ada", "--team", "owner", "--set", "role=staff")
            reset = {"token": token_of(added.stdout), "password": PASSWORD}
            self.assertEqual(app.post("/auth/reset", reset).status_code, 204)
            signed_in = app.sign_in("ada@example.com").json()
            self.assertEqual((signed_in["user"]["role"], signed_in["user"]["team"]), ("staff", "owner"))
            app.command("user", "add", "bob@example.com", "--password-stdin", input=PASSWORD + "\n")
            bob = app.sign_in("bob@example.com").json()["token"]
            listed = [line.split("\t") for line in app.command("user", "list").stdout.splitlines()]
            self.assertEqual([line[:3] for line in listed],
                             [["ada@example.com", "Ada", "owner"], ["bob@example.com", "", "none"]])
            app.command("user", "suspend", "bob@example.com")
            self.assertEqual(app.get("/auth/me", bob).status_code, 401)
            self.assertIn("suspended", app.command("user", "list").stdout)
            app.command("user", "suspend", "bob@example.com", "--undo")
            self.assertEqual(app.sign_in("bob@example.com").status_code, 200)
            only = app.command("user", "suspend", "ada@example.com", code=1)
            self.assertIn("only owner", only.stderr)
            app.command("user", "role", "bob@example.com", "editor")
            invited = app.command("user", "invite", "eve@example.com", "--team", "viewer", "--language", "de")
            body = {"email": "eve@example.com", "password": PASSWORD, "invite": token_of(invited.stdout)}
            self.assertEqual(app.post("/auth/sign-up", body).json()["user"]["team"], "viewer")
            link = app.command("user", "reset", "bob@example.com", "--factors").stdout
            self.assertEqual(app.post("/auth/reset", {"token": token_of(link), "password": "a new good password"}).status_code, 204)
            self.assertEqual(app.sign_in("bob@example.com", "a new good password").status_code, 200)
            app.command("user", "add", "robot@example.com", "--service", "--set", "role=staff")
            key = app.command("user", "key", "robot@example.com", "--name", "Nightly", "--for", "orders=read").stdout.strip()
            self.assertEqual(app.get("/api/orders", key).status_code, 200)
            self.assertEqual(app.post("/api/orders", {"note": "x"}, key).status_code, 403)
            for arguments, words in [
                (["add", "ada@example.com"], "email is taken"), (["add", "nobody"], "email must be"),
                (["add", "x@example.com", "--set", "rolle=staff"], "rolle"), (["reset", "no@example.com"], "no account"),
                (["add", "x@example.com", "--set", "role"], "expected a field"),
                (["key", "ada@example.com", "--name", "k", "--for", "orders"], "expected a collection"),
                (["invite", "ada@example.com"], "already"),
            ]:
                failed = app.command("user", *arguments, code=1)
                self.assertIn(words, failed.stderr)
            actors = {line["actor"] for line in self.journal(app)}
            self.assertTrue(any(actor.startswith("team:") for actor in actors), actors)

    def journal(self, app):
        rows = subprocess.run(["sqlite3", "-json", app.folder / "data/offstage.db", "SELECT actor, \"after\" FROM _journal"],
                              capture_output=True, text=True, check=True)
        return json.loads(rows.stdout)

    def test_mail_arrives(self):
        with MailServer() as mail:
            environment = {"OFFSTAGE_MAIL": f"smtp://127.0.0.1:{mail.port}?from=Corner%20Shop%20%3Cshop@example.com%3E"}
            with Served(environment=environment) as app:
                body = {"email": "ada@example.com", "password": PASSWORD, "name": "Ada"}
                token = app.send("POST", "/auth/sign-up", body, headers={"Accept-Language": "de"}).json()["token"]
                arrived = json.dumps(mail.mails(1), ensure_ascii=False)
                self.assertIn("Corner Shop", arrived)
                link = re.search(re.escape(app.base) + r"/auth/verify\?token=([\w-]{43})", arrived)
                self.assertEqual(app.post("/auth/verify", {"token": link.group(1)}).status_code, 204)
                self.assertIs(app.get("/auth/me", token).json()["verified"], True)
                app.post("/auth/reset", {"email": "ada@example.com"})
                self.assertIn("Passwort", json.dumps(mail.mails(2), ensure_ascii=False))
                # What was sent is not kept, and nobody sees it here.
                self.assertEqual(app.get("/dev/mail").status_code, 404)
                kept = subprocess.run(["sqlite3", app.folder / "data/offstage.db", "SELECT state, text, html FROM _mail"],
                                      capture_output=True, text=True, check=True)
                until = time.monotonic() + 10
                while "sent||\nsent||" not in kept.stdout and time.monotonic() < until:
                    kept = subprocess.run(["sqlite3", app.folder / "data/offstage.db", "SELECT state, text, html FROM _mail"],
                                          capture_output=True, text=True, check=True)
                self.assertIn("sent||\nsent||", kept.stdout)

    def test_without_a_mail_server_mails_are_shown_on_this_machine(self):
        with Served() as app:
            app.sign_up("ada@example.com")
            app.output.wait("Mail to ada@example.com")
            app.output.wait(re.escape(app.base) + r"/auth/verify\?token=")
            page = requests.get(app.base + "/dev/mail", timeout=10)
            self.assertIn("ada@example.com", page.text)
            for headers in ({"X-Forwarded-For": "203.0.113.1"}, {"Forwarded": "for=203.0.113.1"}, {"Host": "shop.example"}):
                self.assertEqual(requests.get(app.base + "/dev/mail", headers=headers, timeout=10).status_code, 404, headers)

    def test_secrets_stay_where_they_are(self):
        with Served() as app:
            email, token = app.sign_up()
            setup = app.post("/auth/totp/setup", {"password": PASSWORD}, token).json()
            code = pyotp.TOTP(setup["secret"]).now()
            app.post("/auth/totp/confirm", {"ticket": setup["ticket"], "code": code}, token)
            key = app.post("/auth/keys", {"name": "k", "scope": {"orders": ["read"]}, "password": PASSWORD}, token).json()["token"]
            app.sign_in(email, "a wrong password of mine")
            requests.get(f"{app.base}/auth/reset?token={'x' * 43}", timeout=10)
            app.stop()
            everything = app.output.text
            for name, secret in [("token", token), ("password", PASSWORD), ("wrong password", "a wrong password of mine"),
                                 ("key", key), ("code secret", setup["secret"]), ("query", "x" * 43)]:
                self.assertNotIn(secret, everything, name)
            data = b"".join(file.read_bytes() for file in (app.folder / "data").iterdir() if file.is_file())
            for name, secret in [("token", token), ("password", PASSWORD), ("key", key), ("code secret", setup["secret"])]:
                self.assertNotIn(secret.encode(), data, name)
            for file in ("secret", "offstage.db"):
                self.assertEqual(stat.S_IMODE(os.stat(app.folder / "data" / file).st_mode), 0o600, file)
            self.assertEqual(stat.S_IMODE(os.stat(app.folder / "data").st_mode), 0o700)

    def test_another_secret_keeps_sessions_and_codes(self):
        with Served(environment={"OFFSTAGE_SECRET": "the first secret of the app"}) as app:
            email, token = app.sign_up()
            setup = app.post("/auth/totp/setup", {"password": PASSWORD}, token).json()
            authenticator = pyotp.TOTP(setup["secret"])
            confirmed = app.post("/auth/totp/confirm", {"ticket": setup["ticket"], "code": authenticator.now()}, token)
            recovery = confirmed.json()["recovery_codes"]
            self.assertFalse((app.folder / "data/secret").exists())
            app.stop()
            app.environment["OFFSTAGE_SECRET"] = "the second secret of the app, the first secret of the app"
            app.start()
            self.assertEqual(app.get("/auth/me", token).status_code, 200)
            self.assertIn("token", app.sign_in(email, code=recovery[0]).json())
            app.stop()
            app.environment["OFFSTAGE_SECRET"] = "short"
            refused = app.command("serve", code=1)
            self.assertIn("OFFSTAGE_SECRET", refused.stderr)
            app.environment["OFFSTAGE_SECRET"] = "the second secret of the app, the first secret of the app"
            app.start()

    def test_a_restart_forgets_no_tries(self):
        with Served() as app:
            app.sign_up("ada@example.com")
            for _ in range(10):
                self.assertEqual(app.sign_in("ada@example.com", "not the password").status_code, 401)
            app.stop()
            app.start()
            refused = app.sign_in("ada@example.com")
            self.assertEqual(refused.status_code, 429)
            self.assertGreater(int(refused.headers["Retry-After"]), 600)
