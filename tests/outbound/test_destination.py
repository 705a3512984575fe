from __future__ import annotations

import pytest

from emulator.outbound.destination import BadUrl, Destination


@pytest.mark.parametrize(
    ("url", "destination"),
    [
        ("http://localhost", Destination("http", "localhost", 80, "/")),
        ("HTTPS://Example.COM/A?b=C#d", Destination("https", "example.com", 443, "/A?b=C")),
        ("http://[::1]:8080/x", Destination("http", "::1", 8080, "/x")),
        ("http://h/my file.pdf?q=a b", Destination("http", "h", 80, "/my%20file.pdf?q=a%20b")),
        ("http://h/ж", Destination("http", "h", 80, "/%D0%B6")),
        ("http://bücher.example/", Destination("http", "xn--bcher-kva.example", 80, "/")),
        ("http://user:p%40ss@h:81/", Destination("http", "h", 81, "/", "user:p@ss")),
        ("http://user@h/", Destination("http", "h", 80, "/", "user")),
        ("http://h/a@b@c?d@e", Destination("http", "h", 80, "/a@b@c?d@e")),
        ("http://2130706433/", Destination("http", "2130706433", 80, "/")),
        ("http://h/?", Destination("http", "h", 80, "/?")),
    ],
)
def test_a_url_names_a_place(url: str, destination: Destination) -> None:
    assert Destination.parse(url) == destination


@pytest.mark.parametrize(
    "url",
    [
        "", "/path", "localhost:80/x", "//localhost/x", "http:localhost", "http://", "http:///x", "http://:80/",
        "file:///etc/passwd", "ftp://localhost/x", "gopher://localhost/", "javascript:alert(1)",
        "http://h:99999/", "http://h:port/", "http://h:-1/", "http://[::1/", "http://[zz]/", "http://a b/",
        "http://good.example\\@127.0.0.1/", "http://127.0.0.1\\.example.com/", "http://a@b@127.0.0.1/",
        "http://a:b@c:d@h/", "http://h/\r\nX: y", "http://h\x00.example/", "http://h\n/", "\thttp://h/",
        "http://" + "a" * 64 + "\u0436.example/", "http://h%00/",
    ],
)  # fmt: skip
def test_what_is_not_plainly_an_http_url_is_refused(url: str) -> None:
    with pytest.raises(BadUrl):
        Destination.parse(url)
