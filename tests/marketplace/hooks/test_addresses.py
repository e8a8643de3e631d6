"""Where a webhook may go, as its text and its numeric address tell."""

import pytest

from catalog.errors import Invalid
from marketplace.hooks import addresses

PRIVATE = [
    "0.0.0.0",  # noqa: S104  # an address to refuse, not to listen on
    "127.0.0.1", "127.8.9.10", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "168.63.129.16", "100.64.0.1", "100.100.100.200", "192.0.0.192", "192.0.2.1", "198.18.0.1",
    "224.0.0.1", "239.255.255.250", "255.255.255.255", "240.0.0.1", "192.88.99.1", "203.0.113.9",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1", "2002:7f00:1::", "2001::1", "2001:db8::1", "fe80::1", "fe80::1%eth0", "fc00::1",
    "fd00:ec2::254", "fec0::1", "ff02::1", "100::1", "5f00::1", "3fff::1",
]  # fmt: skip
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "93.184.216.34",
    "172.32.0.1",
    "100.128.0.1",
    "2606:4700::1111",
    "2a00:1450::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_not_public(address):
    assert addresses.is_public(address) is False


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address):
    assert addresses.is_public(address) is True


@pytest.mark.parametrize(
    "url",
    [
        "https://erp.hanul.example/ieum",
        "https://erp.hanul.example",
        "https://erp.hanul.example:8443/a?b=c",
        "https://xn--bj0bj06e.example/",
    ],
)
def test_urls_that_may_be(url):
    assert addresses.checked(url) == url


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://erp.hanul.example/", "hook_url"),
        ("ftp://erp.hanul.example/", "hook_url"),
        ("//erp.hanul.example/", "hook_url"),
        ("erp.hanul.example", "hook_url"),
        ("https://localhost/", "hook_url"),
        ("https://intranet/", "hook_url"),
        ("https://10.0.0.7/", "hook_url"),
        ("https://[fd00:ec2::254]/", "hook_url"),
        ("https://metadata.google.internal/", "hook_private"),
        ("https://metadata.internal/latest", "hook_private"),
        ("https://METADATA.Internal/", "hook_private"),
        ("https://printer.local/", "hook_private"),
        ("https://app.localhost:8443/", "hook_private"),
        ("https://nas.home.arpa/", "hook_private"),
        ("https://erp.hanul.corp/", "hook_private"),
        ("https://127.0.0.1/", "hook_url"),
        ("https://2130706433/", "hook_url"),
        ("https://0x7f.1/", "hook_url"),
        ("https://[::1]/", "hook_url"),
        ("https://user@erp.hanul.example/", "hook_url"),
        ("https://user:word@erp.hanul.example/", "hook_url"),
        ("https://erp.hanul.example/#part", "hook_url"),
        ("https://erp.hanul.example\\@127.0.0.1/", "hook_url"),
        ("https://erp.hanul.example/\r\nX-Header: 1", "hook_url"),
        ("https://erp.hanul.example/a b", "hook_url"),
        ("https://회사.example/", "hook_url"),
        ("https://-erp.example/", "hook_url"),
        ("https://erp.example:0x1bb/", "hook_url"),
        ("https://erp.example:99999/", "hook_url"),
        ("https://erp.example:22/", "hook_port"),
        ("https://erp.example:80/", "hook_port"),
        ("https://erp.example/" + "a" * 500, "hook_url"),
    ],
)
def test_urls_that_may_not(url, code):
    with pytest.raises(Invalid) as refused:
        addresses.checked(url)
    assert [(p.pointer, p.code) for p in refused.value.problems] == [("url", code)]
