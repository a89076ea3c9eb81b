"""A mail server for tests: takes mails and writes each, as Python's own parser reads it, into a folder.

    smtp_server.py FOLDER [--cert FILE --key FILE [--smtps]] [--auth USER:PASSWORD] [--no-utf8]

Prints its port and ends when its standard input does. The recipient's local part says what happens:

    gone            550 at RCPT
    busy            451 at RCPT the first time, then taken
    unwanted        554 after the mail
    full            452 after the mail the first time, then taken
    silent          no answer to the mail, ever
"""

import argparse, asyncio, collections, email, email.policy, json, os, ssl, sys
from pathlib import Path

from aiosmtpd.smtp import AuthResult, LoginPassword, SMTP

options = argparse.ArgumentParser()
options.add_argument("folder", type=Path)
options.add_argument("--cert")
options.add_argument("--key")
options.add_argument("--smtps", action="store_true")
options.add_argument("--auth")
options.add_argument("--no-utf8", action="store_true")
options = options.parse_args()


class Handler:
    def __init__(self):
        self.tries = collections.Counter()
        self.count = 0

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        local = address.split("@")[0]
        self.tries[address] += 1
        if local == "gone":
            return f"550 5.1.1 <{address}>: no such person"
        if local == "busy" and self.tries[address] == 1:
            return "451 4.7.1 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        local = envelope.rcpt_tos[0].split("@")[0]
        if local == "unwanted":
            return "554 5.7.1 this is not wanted here"
        if local == "full" and self.tries[envelope.rcpt_tos[0]] == 1:
            return "452 4.2.2 the mailbox is full"
        if local == "silent":
            await asyncio.sleep(3600)
        self.write(session, envelope)
        return "250 OK"

    def write(self, session, envelope):
        raw = envelope.original_content
        message = email.message_from_bytes(raw, policy=email.policy.SMTPUTF8)
        parts = list(message.iter_parts())
        self.count += 1
        mail = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "options": envelope.mail_options,
            "tls": session.ssl is not None or options.smtps,
            "user": getattr(session.auth_data, "login", b"").decode() if session.auth_data else "",
            "types": [message.get_content_type()] + [part.get_content_type() for part in parts],
            "headers": {name: str(value) for name, value in message.items()},
            "names": [name for name, _ in message.items()],
            "defects": [str(defect) for part in message.walk() for defect in part.defects],
            "texts": [part.get_content().replace("\r\n", "\n") for part in parts],
            "bare": raw.replace(b"\r\n", b"").count(b"\n") + raw.replace(b"\r\n", b"").count(b"\r"),
            "longest": max(len(line) for line in raw.split(b"\r\n")),
        }
        unfinished = options.folder / f"{self.count}.part"
        unfinished.write_text(json.dumps(mail))
        unfinished.rename(options.folder / f"{self.count:03}.json")


def authenticator(server, session, envelope, mechanism, data):
    wanted = options.auth.split(":", 1)
    given = [data.login.decode(), data.password.decode()] if isinstance(data, LoginPassword) else None
    return AuthResult(success=given == wanted, handled=False, auth_data=data)


async def main():
    context = None
    if options.cert:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(options.cert, options.key)
    handler = Handler()

    def session():
        return SMTP(
            handler,
            enable_SMTPUTF8=not options.no_utf8,
            hostname="test.invalid",
            tls_context=None if options.smtps else context,
            require_starttls=bool(context) and not options.smtps,
            authenticator=authenticator if options.auth else None,
            auth_required=bool(options.auth),
            auth_require_tls=not options.smtps and bool(context),
        )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(session, "127.0.0.1", 0, ssl=context if options.smtps else None)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


try:
    asyncio.run(asyncio.wait_for(main(), 600))
finally:
    # A mail that is not answered would keep the program.
    os._exit(0)
