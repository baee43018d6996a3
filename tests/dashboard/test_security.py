"""Foreign pages, foreign hosts, made-up bodies and hostile names find no way in."""

from __future__ import annotations

import json
import pickle
import re
from pathlib import Path

import diskcache
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.security.guards import host_name
from dashboard.security.labels import plain, plotly
from dashboard.workspace import Unsafe, Workspace, open_cache

PATHS = ("/", "/compare", "/nowhere", "/healthz", "/_dash-layout", "/_dash-dependencies", "/assets/boot.js",
         "/vendor/bootstrap.min.css", "/download/a/b/c", "/_mcp", "/_reload-hash")  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_protecting_headers(client, path):
    answer = client.get(path, buffered=True)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy["script-src"]
    assert "http" not in answer.headers["Content-Security-Policy"]


def test_every_script_inside_the_page_is_known_to_the_policy(client):
    import base64
    import hashlib

    answer = client.get("/")
    for attributes, body in re.findall(r"<script([^>]*)>(.*?)</script>", answer.text, re.DOTALL):
        if "src=" in attributes:
            assert "//" not in re.search(r'src="([^"]*)"', attributes)[1]
        elif "application/json" not in attributes:
            digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in answer.headers["Content-Security-Policy"]


def test_the_page_tells_no_version(client):
    config = json.loads(re.search(r'id="_dash-config"[^>]*>(.*?)</script>', client.get("/").text)[1])
    assert not [name for name in config if "version" in name and name != "disable_version_check"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize(("method", "path"), [("POST", "/_dash-update-component"), ("POST", "/upload"),
                                              ("PUT", "/upload/x"), ("DELETE", "/upload/x")])  # fmt: skip
def test_a_write_from_another_page_is_refused(client, headers, method, path):
    assert client.open(path, method=method, headers=headers).status_code == 403


def test_our_own_page_may_write(client):
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin", "X-Atlas": "upload"}
    assert client.post("/upload", json={"name": "a.csv", "total": 3}, headers=headers).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8050", "127.0.0.1.evil.example", ""])
def test_an_unknown_host_is_refused(client, host):
    assert client.get("/", headers={"Host": host}).status_code in (400, 421)


def test_host_names_are_read_without_port_and_brackets():
    assert [host_name(h) for h in ("[::1]:80", "LocalHost:1", "a")] == ["::1", "localhost", "a"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["output", "outputs", "inputs", "state", "changedPropIds", "id", "property", "value"]), inner),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(json_values)
def test_made_up_bodies_get_400_never_500(client, body):
    assert client.post("/_dash-update-component", json=body).status_code == 400


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_real_callbacks_with_foreign_parts_get_400_never_500(client, data):
    specs = client.get("/_dash-dependencies").json
    spec = data.draw(st.sampled_from([one for one in specs if not one["clientside_function"]]))
    body = {"output": spec["output"], "outputs": data.draw(json_values), "inputs": data.draw(json_values),
            "state": data.draw(json_values), "changedPropIds": data.draw(json_values)}  # fmt: skip
    assert client.post("/_dash-update-component", json=body).status_code in (204, 400)


def test_bodies_that_are_not_json_or_far_too_large_are_refused(client):
    path = "/_dash-update-component"
    assert client.post(path, data=b"{", content_type="application/json").status_code == 400
    assert client.post(path, data=b"a=1").status_code == 400
    large = client.post(path, data=b" " * 3_000_000, content_type="application/json")
    assert large.status_code in (400, 413)


HOSTILE = [
    "<img src=x onerror=alert(1)>", "<a href='https://evil.example'>x</a>", "a<br>b", "%{customdata[0]}", "a\u202eb",
    "a\u200bb", "line\nline", "\x00\x1b[31m", "&lt;b&gt;", "__proto__", "x" * 500, "{{7*7}}", "$x^2$", "\u2066x\u2069",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_no_name_from_the_data_is_live_in_a_plot_or_longer_than_a_line(text):
    for shown in (plain(text), plotly(text)):
        assert not re.search(r"[\x00-\x1f\u200b\u202a-\u202e\u2066-\u2069]", shown)
    assert len(plain(text)) <= 80
    assert not re.search(r"[<>]|%\{", plotly(text))


class Mine:
    """A pickle that writes a file when it is read."""

    def __init__(self, canary: Path) -> None:
        self.canary = canary

    def __reduce__(self):
        return (Path.touch, (self.canary,))


def test_a_pickle_planted_in_the_cache_is_not_run(tmp_path):
    """CVE-2025-69872: the stock cache runs it."""
    canary = tmp_path / "canary"
    diskcache.Cache(str(tmp_path / "cache")).set("someone/k", Mine(canary))
    cache = open_cache(tmp_path / "cache")
    cache._sql("UPDATE Cache SET key = ?, raw = 1", (cache.disk.put("someone/k")[0],))
    with pytest.raises(Unsafe):
        cache.get("someone/k")
    assert Workspace(tmp_path / "cache").get("someone", "k") is None
    assert not canary.exists()
    assert pickle.loads(pickle.dumps(1)) == 1  # noqa: S301  the planted value was one that pickle would run


def test_one_owner_never_reads_the_others_workspace(tmp_path):
    workspace = Workspace(tmp_path / "cache")
    workspace.put("a", "k", [1])
    assert workspace.get("b", "k") is None
    workspace.forget("a")
    assert workspace.get("a", "k") is None
