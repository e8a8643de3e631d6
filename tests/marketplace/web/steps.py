"""Acts of the console in two steps: the page that asks, and its answer."""

import html
import re

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def asked(answer):
    """What the form of the second step carries, as a browser would send it."""
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200, answer.status_code
    form = re.search(r'<form class="panel stack".*?</form>', page[page.index("<main") :], re.DOTALL).group(0)
    fields = {html.unescape(name): html.unescape(value) for name, value in HIDDEN.findall(form)}
    assert fields["sure"] == "yes"
    return {name: value for name, value in fields.items() if name != "csrf_token"}


def surely(who, path, data=None, **typed):
    """Do it and say yes; answers the second step's answer, or the first one's if that was refused already."""
    first = who.post(path, data)
    return who.post(path, {**asked(first), **typed}) if first.status_code == 200 else first
