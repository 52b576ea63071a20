"""Sends e-mails through the operator's SMTP server."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from logging import getLogger
from urllib.parse import unquote, urlsplit

_LOG = getLogger(__name__)
_PATIENCE = 20.0
"""Seconds that the server may take for one answer."""


class Mail:
    """Sends one e-mail after another, in a thread. Without an SMTP server it cannot be made."""

    def __init__(self, smtp_url: str, sender: str) -> None:
        self._url = urlsplit(smtp_url)
        self._sender = sender
        self._waiting: set[asyncio.Task[None]] = set()

    def send_soon(self, to: str, subject: str, text: str) -> None:
        """Send an e-mail without having anybody wait, so that no time tells whether it is sent."""
        task = asyncio.create_task(self._send(to, subject, text))
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)

    async def close(self) -> None:
        """Wait a moment for the e-mails that are under way."""
        if self._waiting:
            await asyncio.wait(self._waiting, timeout=5)

    async def _send(self, to: str, subject: str, text: str) -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, to, subject
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=self._sender.rpartition("@")[2] or "collab")
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        try:
            await asyncio.to_thread(self._deliver, message)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            # Without the address, and without what the server says, which may repeat it.
            words = error if isinstance(error, ValueError) else type(error).__name__
            _LOG.error("an e-mail could not be sent: %s", words)

    def _deliver(self, message: EmailMessage) -> None:
        host, secure = self._url.hostname or "localhost", self._url.scheme == "smtps"
        context = ssl.create_default_context()
        port = self._url.port or (465 if secure else 587)
        smtp = (
            smtplib.SMTP_SSL(host, port, timeout=_PATIENCE, context=context)
            if secure
            else smtplib.SMTP(host, port, timeout=_PATIENCE)
        )
        with smtp:
            if not secure:
                smtp.ehlo()
                if smtp.has_extn("starttls"):
                    smtp.starttls(context=context)
                    smtp.ehlo()
                elif self._url.username:
                    raise ValueError("the SMTP server has no TLS, so it gets no password")
            if self._url.username:
                smtp.login(unquote(self._url.username), unquote(self._url.password or ""))
            smtp.send_message(message)
