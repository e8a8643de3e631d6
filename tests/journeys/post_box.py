"""The mails of a journey as people get them: .eml files that the worker wrote, read like a mail program does."""

import email
import re
from email import policy

from marketplace import worker


def read(app, address):
    """Every mail to the address, after the worker has done what was due: (subject, text), in the order of dates."""
    worker.drain(app)
    folder = app.extensions["mail"].folder
    letters = [
        email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in folder.glob("*.eml")
    ]
    mine = [letter for letter in letters if letter["To"] == address]
    mine.sort(key=lambda letter: letter["Date"].datetime)
    return [(letter["Subject"], letter.get_content()) for letter in mine]


def link(app, address, path):
    """The path of the link to `path` in the newest mail to the address that has one."""
    found = [
        match
        for _subject, text in read(app, address)
        for match in re.findall(rf"http://127\.0\.0\.1:8000({path}/[\w-]+)", text)
    ]
    assert found, (address, path)
    return found[-1]
