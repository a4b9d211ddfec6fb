"""A mail server for tests: it takes what it is given, or answers as it is told."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class MailServer:
    """What came in. ``answer``: to each recipient; `250` takes the message."""

    port: int = 0
    url_user: str = ""
    answer: str = "250 OK"
    # Answered to EHLO, and to a wish for TLS.
    hello: str = "250 mail.example"
    tls: str = "454 not now"
    came: threading.Event = field(default_factory=threading.Event)
    got: list[EmailMessage] = field(default_factory=list)

    @property
    def url(self) -> str:
        who = f"{self.url_user}@" if self.url_user else ""
        return f"smtp://{who}127.0.0.1:{self.port}/?from=registry@example.org"

    def last(self) -> str:
        """The text of the last message."""
        return str(self.got[-1].get_content()).replace("\r\n", "\n")


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A server on a port of its own, for as long as the block lasts."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = MailServer(port=listening.getsockname()[1])
        thread = threading.Thread(target=_serve, args=(listening, server), daemon=True)
        thread.start()
        yield server
        # Closing a socket wakes nobody who waits for it; shutting it down does.
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def _serve(listening: socket.socket, server: MailServer) -> None:
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        with connection:
            _talk(connection, server)


def _talk(connection: socket.socket, server: MailServer) -> None:
    with connection.makefile("rwb") as wire:

        def say(line: str) -> None:
            wire.write(f"{line}\r\n".encode())
            wire.flush()

        say("220 mail.example")
        while line := wire.readline().decode().strip().upper():
            if line == "DATA":
                say("354 go on")
                raw = b"".join(iter(wire.readline, b".\r\n"))
                got = message_from_bytes(raw, policy=policy.default)
                assert isinstance(got, EmailMessage)
                server.got.append(got)
                say("250 OK")
                server.came.set()
            elif line.startswith("RCPT"):
                say(server.answer)
            elif line.startswith("EHLO"):
                say(server.hello)
            elif line == "STARTTLS":
                say(server.tls)
            elif line == "QUIT":
                say("221 bye")
                return
            else:
                say("250 OK")
