"""Query parameters of pages: what a page does not know is left out with a notice, never an error."""

import re

from flask import flash, request
from flask_babel import gettext as _


def notice_unknown(*known: str) -> None:
    """Tell the reader if the address carries parameters that this page does not have."""
    if set(request.args) - set(known):
        flash(_("모르는 조건은 빼고 보여드려요."), "warning")


def page_number(pages: int) -> int:
    """The page asked for, 1 to `pages`; anything else is page 1, with a notice."""
    asked = request.args.get("page", "1")
    if re.fullmatch(r"[0-9]{1,9}", asked, re.ASCII) and 1 <= int(asked) <= max(1, pages):
        return int(asked)
    flash(_("그런 쪽이 없어서 첫 쪽을 보여드려요."), "warning")
    return 1
