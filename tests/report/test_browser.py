"""The page in a real browser: nothing said on its console, nothing asked of the network, and
no sideways scrolling, on a desk and on a phone, in both languages.
"""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from custseg.config import Settings
from custseg.config.schema import AudienceSettings, ChainSettings
from custseg.jobs.chain import run
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
    headings: [...inside.querySelectorAll("h1, h2, h3")].map((each) => each.tagName),
    silent: [...inside.querySelectorAll("svg")].filter(
      (each) => each.getAttribute("role") !== "img"
        || each.getAttribute("aria-labelledby").split(" ").some(
          (id) => inside.querySelectorAll("#" + id).length !== 1
            || !inside.getElementById(id).textContent.trim())).length,
    twice: [...inside.querySelectorAll("[id]")].map((each) => each.id).filter(
      (id, at, all) => all.indexOf(id) !== at),
    outside: [], over: [],
    parts: [...inside.querySelectorAll(".parts:first-of-type .part")].map((each) => [
      each.getAttribute("aria-labelledby"), each.getBoundingClientRect().bottom]),
  }};
  const slack = 1.5;
  for (const svg of inside.querySelectorAll("svg")) {{
    const room = svg.getBoundingClientRect();
    const words = [...svg.querySelectorAll("text")].map(
      (each) => [each.textContent, each.getBoundingClientRect(), each.hasAttribute("transform")]);
    for (const [text, box] of words) {{
      if (box.left < room.left - slack || box.right > room.right + slack
          || box.top < room.top - slack || box.bottom > room.bottom + slack) {{
        found.outside.push(svg.getAttribute("aria-labelledby") + ": " + text);
      }}
    }}
    const level = words.filter((each) => !each[2]);
    level.forEach(([text, a], at) => level.slice(at + 1).forEach(([other, b]) => {{
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > slack && down > 0.3 * Math.min(a.height, b.height)) {{
        found.over.push(svg.getAttribute("aria-labelledby") + ": " + text + " / " + other);
      }}
    }}));
  }}
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
    settings = Settings(
        chain=ChainSettings(
            customers=tuple(map(str, members)),
            orders=(str(JAPANESE / "orders.csv"),),
            output=str(folder / "runs"),
        ),
        audience=AudienceSettings(platforms=("mailchimp", "hubspot")),
        lists={"recent": "r >= 4", "前の顧客": "r <= 2"},
    )
    run(settings, day=date(2026, 1, 31))
    (folder / "runs" / "2026-01-31").rename(folder / "run")
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


def measured(folder: Path, width: int) -> dict[str, Any]:
    """What a browser of `width` pixels finds of ``report.html`` in `folder`."""
    (folder / "measure.html").write_text(MEASURE.format(width=width), encoding="utf-8")
    url = (folder / "measure.html").as_uri()
    shown = browse(folder, "--virtual-time-budget=5000", "--dump-dom", url)
    answer = re.search(r"<pre>([A-Za-z0-9+/=]+)</pre>", shown.stdout)
    assert answer is not None, shown.stdout[:500]
    found: dict[str, Any] = json.loads(base64.b64decode(answer[1]))
    found["console"] = [line for line in shown.stderr.splitlines() if "CONSOLE" in line]
    return found


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("name", ["clean", "segment", "run"])
def test_the_page_in_a_browser(name: str, language: str, runs: Path, tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text(html_of(runs / name, language), encoding="utf-8")
    for width in (1280, 390):
        found = measured(tmp_path, width)
        assert found["width"] == width
        assert found["scroll"] <= width
        assert found["asked"] == []
        assert found["small"] == 0
        assert len(found["drawn"]) >= 3
        assert min(found["drawn"]) > 50
        assert found["silent"] == 0
        assert found["twice"] == []
        assert found["outside"] == []
        assert found["over"] == []
        assert found["headings"][0] == "H1"
        assert found["headings"].count("H1") == 1
        levels = [int(each[1]) for each in found["headings"]]
        assert all(after - before <= 1 for before, after in pairwise(levels))
        assert found["console"] == []
    picture = tmp_path / "page.png"
    browse(
        tmp_path,
        "--window-size=1280,900",
        f"--screenshot={picture}",
        (tmp_path / "report.html").as_uri(),
    )
    assert picture.stat().st_size > 20_000


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_first_screen_ends_with_warnings(language: str, runs: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    shutil.copytree(runs / "run", folder)
    facts = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    for gate in facts["gates"][:3]:
        gate.update(passed=False, stops=False)
    (folder / "summary.json").write_text(json.dumps(facts), encoding="utf-8")
    (tmp_path / "report.html").write_text(html_of(folder, language), encoding="utf-8")
    found = measured(tmp_path, 1280)["parts"]
    assert [name for name, _ in found] == [*("s-changed", "s-look", "s-do", "s-quality", "s-mind")]
    assert max(bottom for _, bottom in found) < 1000


def test_a_browser_says_what_is_wrong(tmp_path: Path) -> None:
    bad = "<!DOCTYPE html><meta charset='utf-8'><script>undefined.x</script><div>x</div>"
    (tmp_path / "bad.html").write_text(bad, encoding="utf-8")
    shown = browse(tmp_path, "--dump-dom", (tmp_path / "bad.html").as_uri())
    assert "CONSOLE" in shown.stderr


BAD_PICTURES = """<!DOCTYPE html><meta charset="utf-8"><h2 id="a">x</h2><i id="a"></i>
<svg aria-labelledby="none" width="100" height="40" style="overflow:visible">
<text x="5" y="20">first label</text><text x="20" y="22">second</text></svg>
<svg role="img" aria-labelledby="b" width="60" height="40"><title id="b">b</title>
<text x="30" y="20">much too long</text></svg>"""


def test_what_the_measure_finds(tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text(BAD_PICTURES, encoding="utf-8")
    found = measured(tmp_path, 390)
    assert found["silent"] == 1
    assert found["twice"] == ["a"]
    assert found["over"] == ["none: first label / second"]
    assert found["outside"] == ["b: much too long"]
    assert found["headings"] == ["H2"]
