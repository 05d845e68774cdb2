"""One raw mail (RFC 5322), read: from whom, about which letter or ticket, whether our server vouches for it, and what a
delivery status notification (RFC 3464) says. Nothing here touches the database."""

from __future__ import annotations

import email
import hashlib
import re
from collections.abc import Iterator
from email import policy
from email.message import Message
from email.utils import parseaddr
from typing import NamedTuple

from accounts.models.tickets import LETTERS, REFERENCE_LENGTH

# Our own letters are a few kilobytes, and a bounce holds one of them; what is much larger is no answer to us.
LARGEST = 10 * 1024 * 1024
SUBJECT_LENGTH, TEXT_LENGTH = 200, 20_000
MESSAGE_ID = re.compile(r"<[^<>\s@]+@[^<>\s@]+>")
HEADER = re.compile(rb"[!-9;-~]+[ \t]*:")
REFERENCE = re.compile(rf"(?<![A-Z0-9])[{LETTERS}]{{{REFERENCE_LENGTH}}}(?![A-Z0-9])")
# RFC 8601: the methods that say who sent a mail, and the property that names the domain each of them proved.
PROVES = {"dmarc": "header.from", "dkim": "header.d", "spf": "smtp.mailfrom"}
FIELD = re.compile(r"\b([a-z]+\.[a-z]+)\s*=\s*\"?([^\s;\"]+)")
COMMENT = re.compile(r"\([^()]*\)")


class Unreadable(Exception):
    """What came is no mail; the message says why."""


class Status(NamedTuple):
    """What one delivery status notification says about one recipient of one of our letters."""

    action: str
    recipient: str
    result: str


class Mail(NamedTuple):
    """A mail as far as it matters to us. ``vouched`` is the domain that our own server has found it to come from, empty
    where it found none; ``about`` are the names of earlier mails that it answers or returns."""

    message_id: str
    sha256: str
    sender: str
    subject: str
    text: str
    vouched: str
    about: tuple[str, ...]
    references: tuple[str, ...]
    statuses: tuple[Status, ...]

    @property
    def sender_domain(self) -> str:
        return domain_of(self.sender)


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()


def within(domain: str, other: str) -> bool:
    """Whether a domain is another one or lies below it."""
    return bool(other) and (domain == other or domain.endswith(f".{other}"))


def read_mail(raw: bytes, authserv_id: str) -> Mail:
    """One mail; Unreadable for what is empty, too large or no mail. Only what the server
    ``authserv_id`` wrote about its authenticity is believed."""
    if len(raw) > LARGEST:
        raise Unreadable(f"it is larger than {LARGEST} bytes")
    # A mail from a mailbox file begins with a line of the mailbox's own.
    body = raw.partition(b"\n")[2] if raw.startswith(b"From ") else raw
    if not body.strip():
        raise Unreadable("it is empty")
    if not HEADER.match(body):
        raise Unreadable("it does not begin with a header")
    try:
        return _read(body, authserv_id)
    except RecursionError as error:
        raise Unreadable("its parts are nested too deeply") from error


def _read(raw: bytes, authserv_id: str) -> Mail:
    message = email.message_from_bytes(raw, policy=policy.default)
    sender = parseaddr(_header(message, "From"))[1]
    if not sender:
        raise Unreadable("its header names no sender")
    named = MESSAGE_ID.search(_header(message, "Message-ID"))
    # Servers on the way add to the header, so that a mail which comes twice is known by its name and its body.
    digest = hashlib.sha256(re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[-1] if named else raw).hexdigest()
    statuses, returned = _statuses(message)
    answered = MESSAGE_ID.findall(f"{_header(message, 'In-Reply-To')} {_header(message, 'References')}")
    subject = _header(message, "Subject")
    addressed = " ".join(_header(message, name) for name in ("To", "Cc", "Delivered-To", "X-Original-To"))
    plussed = " ".join(re.findall(r"\+([A-Za-z0-9]+)@", addressed)).upper()
    return Mail(
        message_id=named[0][:200] if named else "",
        sha256=digest,
        sender=sender[:254].lower(),
        subject=" ".join(subject.split())[:SUBJECT_LENGTH],
        text="" if statuses else _text(message)[:TEXT_LENGTH],
        vouched=_vouched(message, domain_of(sender), authserv_id),
        about=tuple(dict.fromkeys([*returned, *answered])),
        references=tuple(dict.fromkeys(REFERENCE.findall(f"{subject.upper()} {plussed}"))),
        statuses=statuses,
    )


def _header(message: Message, name: str) -> str:
    """A header as text; what cannot be decoded is shown as it came."""
    try:
        return str(message.get(name, ""))
    except (ValueError, IndexError, AttributeError, TypeError):
        # The parser of structured headers gives up on some that are broken on purpose.
        raws = [str(value) for key, value in message.raw_items() if key.lower() == name.lower()]
        return raws[0] if raws else ""


def _vouched(message: Message, sender_domain: str, authserv_id: str) -> str:
    """The sender's domain, if the topmost result of our own server proves it; a server that is told its name strips
    what strangers claim under it (RFC 8601, 5), and what another server says is hearsay."""
    if not authserv_id:
        return ""
    for key, value in message.raw_items():
        if key.lower() == "authentication-results":
            head, *results = COMMENT.sub(" ", " ".join(str(value).split())).split(";")
            if head.split()[:1] and head.split()[0].lower() == authserv_id.lower():
                return sender_domain if any(_proves(result, sender_domain) for result in results) else ""
    return ""


def _proves(result: str, sender_domain: str) -> bool:
    """Whether one result is a pass of the sender's own domain, or of one above it."""
    method, _, verdict = result.strip().partition("=")
    proves = PROVES.get(method.strip().lower())
    if proves is None or verdict.split()[:1] != ["pass"]:
        return False
    fields = dict(FIELD.findall(result.lower()))
    # A returned mail has no sender on its envelope, so that its server's name stands for it.
    proven = domain_of(fields.get(proves) or (fields.get("smtp.helo", "") if method.strip() == "spf" else ""))
    return proven.count(".") > 0 and (within(sender_domain, proven) or within(proven, sender_domain))


def _statuses(message: Message) -> tuple[tuple[Status, ...], list[str]]:
    """What a delivery status notification says of each recipient, and the names of the mails that it returns."""
    failed = _header(message, "X-Failed-Recipients")
    if failed and message.get_content_type() != "multipart/report":
        # Servers of before RFC 3464 return a mail as plain text.
        said = _text(message)
        names = re.findall(r"(?im)^message-id:\s*(<[^<>\s]+>)", said)
        return (Status("failed", parseaddr(failed.split(",")[0])[1].lower(), _one_line(said)),), names
    statuses: list[Status] = []
    returned: list[str] = []
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            statuses += _recipients(part)
        elif kind in ("text/rfc822-headers", "message/rfc822-headers"):
            returned += MESSAGE_ID.findall(_header(email.message_from_string(_content(part)), "Message-ID"))
        elif kind == "message/rfc822" and isinstance(part.get_payload(), list):
            returned += MESSAGE_ID.findall(_header(part.get_payload()[0], "Message-ID"))  # type: ignore[arg-type, index]
    return tuple(statuses), returned


def _recipients(part: Message) -> Iterator[Status]:
    """The groups of fields of a notification, but for the first, which is about the whole of it."""
    groups = part.get_payload()
    for group in groups if isinstance(groups, list) else []:
        if isinstance(group, Message) and "Action" in group:
            said = " ".join(filter(None, (_header(group, "Status"), _header(group, "Diagnostic-Code"))))
            recipient = _header(group, "Final-Recipient") or _header(group, "Original-Recipient")
            address = parseaddr(recipient.rpartition(";")[2])[1].lower()
            yield Status(_header(group, "Action").split()[0].lower(), address, _one_line(said))


def _text(message: Message) -> str:
    """The first plain text of a mail; empty where it has none."""
    for part in message.walk():
        if part.get_content_type() == "text/plain" and not part.is_multipart():
            return _content(part).strip()
    return ""


def _content(part: Message) -> str:
    """The words of a part; in a character set that nobody knows, what of it is ASCII."""
    raw = part.get_payload(decode=True)
    known = raw if isinstance(raw, bytes) else b""
    try:
        return known.decode(part.get_content_charset() or "utf-8", errors="replace").replace("\x00", "")
    except LookupError:
        return known.decode("ascii", errors="replace")


def _one_line(text: str) -> str:
    return " ".join(text.split())
