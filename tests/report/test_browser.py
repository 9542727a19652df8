"""The page in a real browser: nothing said on its console, nothing asked of the network, and
no sideways scrolling, on a desk and on a phone, in both languages.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from custseg.jobs.clean import clean
from custseg.jobs.html import html_of
from custseg.jobs.segment import segment

JAPANESE = Path(__file__).resolve().parents[2] / "examples" / "japanese"
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="no browser: install Debian's chromium"),
]

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--hide-scrollbars", "--allow-file-access-from-files", "--enable-logging=stderr"),
)

MEASURE = """<!DOCTYPE html><body><iframe id="page" src="report.html" width="{width}" height="900"
style="border:0"></iframe><script>
document.getElementById("page").onload = function () {{
  const inside = this.contentDocument;
  const root = inside.documentElement;
  const found = {{
    scroll: root.scrollWidth, width: root.clientWidth, title: inside.title,
    asked: this.contentWindow.performance.getEntriesByType("resource").map((each) => each.name),
    small: [...inside.querySelectorAll("svg text")].filter(
      (each) => each.getBoundingClientRect().width > root.clientWidth).length,
    drawn: [...inside.querySelectorAll("svg")].map((each) => each.getBoundingClientRect().height),
  }};
  document.body.innerHTML = "<pre>" + btoa(unescape(encodeURIComponent(JSON.stringify(found))))
    + "</pre>";
}};
</script></body>"""


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    members = [JAPANESE / "store_members.csv", JAPANESE / "web_members.csv"]
    clean(members, folder / "clean")
    segment(JAPANESE / "orders.csv", folder / "clean", folder / "segment")
    return folder


def browse(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    assert BROWSER is not None
    return subprocess.run(
        [BROWSER, *FLAGS, f"--user-data-dir={folder / 'profile'}", *words],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("name", ["clean", "segment"])
def test_the_page_in_a_browser(name: str, language: str, runs: Path, tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text(html_of(runs / name, language), encoding="utf-8")
    for width in (1280, 390):
        (tmp_path / "measure.html").write_text(MEASURE.format(width=width), encoding="utf-8")
        url = (tmp_path / "measure.html").as_uri()
        shown = browse(tmp_path, "--virtual-time-budget=5000", "--dump-dom", url)
        answer = re.search(r"<pre>([A-Za-z0-9+/=]+)</pre>", shown.stdout)
        assert answer is not None, shown.stdout[:500]
        import base64

        found = json.loads(base64.b64decode(answer[1]))
        assert found["width"] == width
        assert found["scroll"] <= width
        assert found["asked"] == []
        assert found["small"] == 0
        assert len(found["drawn"]) >= 3
        assert min(found["drawn"]) > 50
        console = [line for line in shown.stderr.splitlines() if "CONSOLE" in line]
        assert console == []
    picture = tmp_path / "page.png"
    browse(
        tmp_path,
        "--window-size=1280,900",
        f"--screenshot={picture}",
        (tmp_path / "report.html").as_uri(),
    )
    assert picture.stat().st_size > 20_000


def test_a_browser_says_what_is_wrong(tmp_path: Path) -> None:
    bad = "<!DOCTYPE html><meta charset='utf-8'><script>undefined.x</script><div>x</div>"
    (tmp_path / "bad.html").write_text(bad, encoding="utf-8")
    shown = browse(tmp_path, "--dump-dom", (tmp_path / "bad.html").as_uri())
    assert "CONSOLE" in shown.stderr
