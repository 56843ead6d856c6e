"""The Dagster UI as a person uses it, on a small run of its own and a copy of the input files.

CYBERACCORD_SCREENSHOTS names a folder for pictures of each page.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines import store
from pipelines.ui import ONE_SCENARIO

pytestmark = pytest.mark.browser

COMMAND = [sys.executable, "-c", "from pipelines.cli import main; main()"]
COUNTERFACTUAL = "/assets/model/counterfactual"
FEW_DRAWS = "32"
"""Too few for the Monte Carlo error that the check allows."""
SCENARIO = "dropped_in"
LONG, TICKS = 300_000, 100
"""Milliseconds until a run must have ended; seconds until the sensor must have looked twice."""


@dataclass
class Ui:
    address: str
    home: Path
    data: Path
    environment: dict[str, str]

    def command(self, *arguments: str) -> str:
        done = subprocess.run([*COMMAND, *arguments], env=self.environment, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def ui(tmp_path_factory, chromium):
    home, data = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("data")
    for name in store.INPUTS:
        shutil.copytree(store.DATA / name, data / name)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("CYBERACCORD_")},
        "CYBERACCORD_HOME": str(home),
        "CYBERACCORD_DATA": str(data),
        "PYTHONPATH": str(store.ROOT),
    }
    environment.pop("DAGSTER_HOME", None)
    small = [*COMMAND, "run", "--scenario", "op_ed_convention", "--draws", FEW_DRAWS, "--seed", "7"]
    subprocess.run(small, env=environment, check=True, capture_output=True, timeout=120)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = home / "ui.log"
    with (
        log.open("w") as out,
        subprocess.Popen(
            [*COMMAND, "ui", "--port", str(port)], env=environment, stdout=out, stderr=out, start_new_session=True
        ) as process,
    ):
        try:
            address = f"http://127.0.0.1:{port}"
            assert _within(60, lambda: _answers(address)), log.read_text(encoding="utf-8")
            assert address in log.read_text(encoding="utf-8")
            yield Ui(address, home, data, environment)
        finally:
            process.send_signal(signal.SIGINT)
            ended = _within(40, lambda: process.poll() is not None and not _session_lives(process.pid))
            if not ended:
                os.killpg(process.pid, signal.SIGKILL)
    assert ended, "the UI left processes behind"
    assert not (home / "dagster" / "ui.json").exists()


@pytest.fixture
def page(ui, chromium):
    page = chromium.new_page(viewport={"width": 1400, "height": 1000}, base_url=ui.address)
    page.set_default_timeout(30_000)
    yield page
    page.close()


def test_groups_are_in_reading_order_from_sources_to_publication(page):
    page.goto("/asset-groups")
    places = []
    for group in ("sources", "core", "baseline", "convention", "publication"):
        box = page.locator("svg, foreignObject").get_by_text(group, exact=True).first
        box.wait_for()
        places.append(box.bounding_box()["x"])
    picture(page, "groups")
    assert places == sorted(places)


def test_a_failing_check_explains_itself_and_says_what_to_do(page):
    page.goto(f"{COUNTERFACTUAL}?view=checks&checkDetail=monte_carlo_error_is_small")
    page.get_by_text("monte_carlo_error_is_small").first.click()
    told = page.get_by_text("too few draws for three digits: raise").first
    told.wait_for()
    picture(page, "failing_check")
    assert told.inner_text() == "too few draws for three digits: raise draws in the settings, 16384 is the default"
    assert page.get_by_text("Failed", exact=True).or_(page.get_by_text("Warning", exact=True)).first.is_visible()


def test_the_page_of_an_asset_opens_with_plain_words_then_unit_source_and_caveat(page):
    page.goto(f"{COUNTERFACTUAL}?view=overview")
    parts = ("How much less cybercrime would cost", "Unit:", "Source:", "Caveat:")
    heights = []
    for part in parts:
        found = page.get_by_text(part).first
        found.wait_for()
        heights.append(found.bounding_box()["y"])
    picture(page, "asset")
    assert heights == sorted(heights)
    assert page.get_by_text("domain: results").first.is_visible()


def test_a_scenario_dropped_in_is_launched_with_two_clicks_and_its_headline_has_an_interval(page, ui):
    dropped = ui.data / "scenarios" / f"{SCENARIO}.yaml"
    shutil.copyfile(dropped.with_name("law_only.yaml"), dropped)

    def offered() -> bool:
        page.goto(ONE_SCENARIO)
        page.get_by_placeholder("Partition").focus()
        return page.get_by_text(SCENARIO, exact=True).locator("visible=true").count() > 0

    assert _within(TICKS, offered)
    for setting in ("draws", "seed", "effect_sets", "as_of"):
        assert page.get_by_text(setting, exact=True).first.is_visible()
    page.get_by_text(SCENARIO, exact=True).locator("visible=true").first.click()
    page.get_by_text(f"partition: {SCENARIO}").wait_for()
    picture(page, "launch")
    page.get_by_role("button", name="Launch Run").click()
    page.wait_for_url("**/runs/*")
    page.get_by_text("Success", exact=True).first.wait_for(timeout=LONG)
    picture(page, "run")
    page.goto(f"{COUNTERFACTUAL}?view=partitions&partition={SCENARIO}")
    for word in ("median", "5 %", "95 %"):
        page.get_by_text(f"avoided, {SCENARIO}, {word} (USD bn)").first.wait_for()
    picture(page, "headline")
    # on the default draws the check that failed is met
    page.goto(f"{COUNTERFACTUAL}?view=checks&checkDetail=monte_carlo_error_is_small")
    page.get_by_text("Passed", exact=True).first.wait_for()
    assert _within(60, lambda: "in the UI)" in ui.command("status"))


def test_a_half_saved_file_is_no_partition_and_holds_up_no_other(page, ui):
    folder = ui.data / "scenarios"
    (folder / "half_saved.yaml").write_text("title: [", encoding="utf-8")
    shutil.copyfile(folder / "universal.yaml", folder / "beside_it.yaml")

    def listed() -> bool:
        page.goto(f"{COUNTERFACTUAL}?view=partitions")
        page.get_by_text("universal", exact=True).locator("visible=true").first.wait_for()
        return page.get_by_text("beside_it", exact=True).locator("visible=true").count() > 0

    assert _within(TICKS, listed)
    picture(page, "half_saved")
    assert page.get_by_text("half_saved", exact=True).count() == 0


def test_every_process_of_the_ui_listens_on_loopback_only(ui):
    """Ports of the page, of the code server and of the daemon, as the kernel lists them: 0100007F is 127.0.0.1."""
    leader = os.getsid(json.loads((ui.home / "dagster" / "ui.json").read_text(encoding="utf-8"))["pid"])
    own = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(folder.name)) == leader:
                own |= {str(link.readlink()) for link in (folder / "fd").iterdir()}
        except (ProcessLookupError, FileNotFoundError):
            continue
    listening = [
        (fields[1].split(":")[0], int(fields[1].split(":")[1], 16))
        for table in ("tcp", "tcp6")
        for fields in map(str.split, Path(f"/proc/net/{table}").read_text(encoding="ascii").splitlines()[1:])
        if fields[3] == "0A" and f"socket:[{fields[9]}]" in own
    ]
    assert int(ui.address.rsplit(":", 1)[1]) in [port for _, port in listening]
    loopback = {"0100007F", "00000000000000000000000001000000", "0000000000000000FFFF00000100007F"}
    assert {place for place, _ in listening} <= loopback, listening


def test_a_second_ui_on_the_same_home_names_the_first(ui):
    assert ui.command("ui") == f"The UI is already running: {ui.address}\n"


def picture(page, name: str) -> None:
    """A screenshot, where somebody wants to look at them."""
    if folder := os.environ.get("CYBERACCORD_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"ui_{name}.png")


def _answers(address: str) -> bool:
    """Whether the UI answers and has loaded the project."""
    query = {"query": "{ assetNodes { id } }"}
    request = urllib.request.Request(
        f"{address}/graphql", json.dumps(query).encode(), {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return len(json.load(answer)["data"]["assetNodes"]) > 30
    except (urllib.error.URLError, OSError, ValueError, KeyError, TypeError):
        return False


def _session_lives(leader: int) -> bool:
    try:
        os.killpg(leader, 0)
    except ProcessLookupError:
        return False
    return True


def _within(seconds: float, happens) -> bool:
    """Whether something happens in time; asked again and again, because nothing announces it."""
    until = time.monotonic() + seconds
    while not happens():
        if time.monotonic() > until:
            return False
        time.sleep(0.5)
    return True
