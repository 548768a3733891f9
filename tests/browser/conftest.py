"""A real browser without a network, and pages that it opens from disk; screenshots go to `out/screenshots/`."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.loopback import only_this_machine
from tests.page.test_data import page_of

import kbgraph
from kbgraph.building import build_into
from kbgraph.config import Limits, Settings
from kbgraph.inputs import discover

#: What Chromium says on machines without a graphics card, and what is no fault of the page.
_NOT_OURS = ("software WebGL", "GPU stall due to ReadPixels", "GroupMarkerNotSet")
#: Seconds that anything may take.
_PATIENCE = 60


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """The driver listens on this machine; nothing else is reached."""
    only_this_machine(monkeypatch)


@dataclass
class Page:
    """An explorer in the browser."""

    driver: Any
    file: Path
    downloads: Path
    screenshots: Path
    opened: int = 0

    def open(self, hash: str = "", query: str = "") -> Page:
        # Another number each time, so that the page is loaded anew where only the part behind # differs.
        self.opened += 1
        self.driver.get(f"{self.file.as_uri()}?{query}&n={self.opened}{hash}")
        return self.settled()

    def script(self, text: str, *arguments: object) -> Any:
        return self.driver.execute_script(text, *arguments)

    def until(self, condition: Callable[[], Any], what: str = "") -> Any:
        end = time.monotonic() + _PATIENCE
        while not (found := condition()):
            assert time.monotonic() < end, f"{what or condition} did not come; {self.text('body')[:300]}"
            time.sleep(0.02)
        return found

    def settled(self, beyond: int = 0) -> Page:
        """Once everything is shown that belongs to the state, later than the shown one of that number."""
        self.until(lambda: self.shown() > beyond, "the page")
        return self

    def shown(self) -> int:
        return int(self.script("return document.getElementById('kbgraph')?.dataset.ready ?? '0'"))

    def after(self, act: Callable[[], Any]) -> Page:
        """The page after something that changes its state."""
        before = self.shown()
        act()
        return self.settled(before)

    def find(self, selector: str) -> Any:
        return self.driver.find_element("css selector", selector)

    def all(self, selector: str) -> list[Any]:
        found: list[Any] = self.driver.find_elements("css selector", selector)
        return found

    def text(self, selector: str) -> str:
        return str(self.script("return document.querySelector(arguments[0])?.textContent ?? ''", selector))

    def texts(self, selector: str) -> list[str]:
        return list(
            self.script("return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent)", selector)
        )

    def title(self) -> str:
        return self.text(".kg-panel .kg-title")

    def address(self) -> str:
        return str(self.script("return location.hash"))

    def press(self, *keys: str) -> None:
        from selenium.webdriver import ActionChains

        ActionChains(self.driver).send_keys(*keys).perform()

    def click_at(self, x: float, y: float) -> None:
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            event = {
                "type": kind,
                "x": x,
                "y": y,
                "button": "none" if kind == "mouseMoved" else "left",
                "clickCount": 1,
            }
            self.driver.execute_cdp_cmd("Input.dispatchMouseEvent", event)

    def place_of(self, node: str) -> tuple[float, float]:
        """Where a node is once the camera rests: it moves for a fifth of a second after all is shown."""
        place = "return kbgraphExplorer.page?.placeOf(arguments[0])"

        def resting() -> Any:
            before = self.script(place, node)
            time.sleep(0.1)
            return before if before == self.script(place, node) else None

        x, y = self.until(resting, node)
        return float(x), float(y)

    def size(self, width: int, height: int) -> Page:
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        return self

    def prefer(self, **features: str) -> Page:
        wanted = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": wanted})
        return self

    def picture(self, name: str) -> None:
        self.screenshots.mkdir(parents=True, exist_ok=True)
        time.sleep(0.3)  # until the camera rests
        self.driver.save_screenshot(str(self.screenshots / f"{name}.png"))

    def serious(self, root: Path) -> list[Any]:
        """What axe-core finds that is serious or worse."""
        axe = root / "web" / "node_modules" / "axe-core" / "axe.min.js"
        if not axe.is_file():
            pytest.skip("needs axe-core: run `npm ci` in web/")
        self.script(axe.read_text(encoding="utf-8"))
        run = (
            "const done = arguments[0]; axe.run().then((found) => done(found.violations"
            ".filter((v) => ['serious', 'critical'].includes(v.impact))"
            ".map((v) => [v.id, v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) + n.failureSummary)])))"
        )
        found: list[Any] = self.driver.execute_async_script(run)
        return found

    def complaints(self) -> list[str]:
        """What the browser's console has said since it was asked last."""
        said = [entry["message"] for entry in self.driver.get_log("browser")]
        return [each for each in said if not any(known in each for known in _NOT_OURS)]

    def requests(self) -> list[str]:
        """Addresses that were asked for since this was asked last."""
        events = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        sent = [each["params"]["request"]["url"] for each in events if each["method"] == "Network.requestWillBeSent"]
        return [url for url in sent if not url.startswith(("data:", "blob:", "about:"))]


@pytest.fixture(scope="session")
def _driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Path]]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    chromedriver = shutil.which("chromedriver")
    if chromium is None or chromedriver is None:
        pytest.skip("chromium and chromedriver are not installed; Debian has them as chromium and chromium-driver")
    selenium = pytest.importorskip("selenium.webdriver")
    from selenium.webdriver.chrome.service import Service

    folder = tmp_path_factory.mktemp("browser")
    downloads = folder / "downloads"
    downloads.mkdir()
    options = selenium.ChromeOptions()
    options.binary_location = chromium
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        "--proxy-server=direct://",
        f"--user-data-dir={folder / 'profile'}",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = selenium.Chrome(options=options, service=Service(chromedriver))
    driver.execute_cdp_cmd("Network.enable", {})
    driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(downloads)})
    yield driver, downloads
    driver.quit()


@pytest.fixture(scope="session")
def seeds_page(seeds_graph: kbgraph.KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("page") / "graph.html"
    file.write_bytes(page_of(seeds_graph))
    return file


@pytest.fixture
def page(_driver: tuple[Any, Path], seeds_page: Path, root: Path) -> Iterator[Page]:
    """The page of seeds/, in a wide window, light; at its end it has asked for nothing and complained of nothing."""
    driver, downloads = _driver
    made = Page(driver, seeds_page, downloads, root / "out" / "screenshots")
    made.size(1440, 900).prefer(prefers_color_scheme="light", prefers_reduced_motion="reduce")
    made.complaints()
    made.requests()
    yield made
    assert made.complaints() == []
    assert {url.partition("#")[0].partition("?")[0] for url in made.requests()} <= {made.file.as_uri()}
    made.script("try { localStorage.clear() } catch {}")


# ---- servers


def served(out: Path, *options: str) -> Iterator[str]:
    """The address of a server of a build, which ends afterwards as it should."""
    command = [sys.executable, "-m", "kbgraph", "serve", str(out), "--port", "0", "--quiet", *options]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, "COLUMNS": "200"})
    assert process.stderr is not None
    address = ""
    for line in process.stderr:
        found = re.search(r"at (http://127\.0\.0\.1:\d+/)", line)
        if found:
            address = found[1]
            break
    assert address
    yield address
    process.send_signal(signal.SIGTERM)
    process.stderr.close()
    assert process.wait(20) in {0, 128 + signal.SIGTERM, -signal.SIGTERM}


def built_of(folder: Path, out: Path) -> Path:
    build_into(out, discover([folder], (), Limits()), Settings(jobs=1, formats=("nq",)))
    return out


@pytest.fixture(scope="session")
def seeds_out(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_of(root / "seeds", tmp_path_factory.mktemp("seeds") / "out")


@pytest.fixture(scope="session")
def address(seeds_out: Path) -> Iterator[str]:
    yield from served(seeds_out)


class Browser(Page):
    """A browser that goes from address to address."""

    def go(self, url: str) -> Browser:
        self.driver.get(url)
        return self

    def path(self) -> str:
        return re.sub(r"^https?://[^/]+/", "", str(self.driver.current_url))


@pytest.fixture
def browser(_driver: tuple[Any, Path], root: Path) -> Iterator[Browser]:
    driver, downloads = _driver
    made = Browser(driver, Path(), downloads, root / "out" / "screenshots")
    made.go("about:blank")
    made.size(1200, 900).prefer(prefers_color_scheme="light", prefers_reduced_motion="reduce")
    made.complaints()
    made.requests()
    yield made
    assert made.complaints() == []
    others = [url for url in made.requests() if not url.startswith(("http://127.0.0.1:", "file:"))]
    assert others == []
