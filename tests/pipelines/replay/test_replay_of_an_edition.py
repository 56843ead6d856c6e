"""`cyberaccord replay` on an edition that was really made: on this machine, as on another, with other files and code.

In the short form a run of 256 draws and one scenario, in the long form the default run.
"""

import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines import store
from pipelines.manifest import month

pytestmark = pytest.mark.soak
SMALL = ["--draws", "256", "--scenario", "universal"]
COMMAND = "from pipelines.cli import main; main(prog_name='cyberaccord')"
OTHER_PROCESSOR = {
    "OPENBLAS_CORETYPE": "Prescott",
    "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL",
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX512F,-AVX512VL,-FMA4",
    "POLARS_MAX_THREADS": "1",
}
"""Linear algebra, numpy's loops and the mathematical library as a processor of 2005 has them, and one thread."""
CONSTANT, OTHER = "ORIGIN_WEIGHT = 2 / 3", "ORIGIN_WEIGHT = 1 / 3"


def command(
    home: Path, data: Path, *words: str, code: Path = store.ROOT, **more: str
) -> subprocess.CompletedProcess[str]:
    """A command of the code of a folder on a store and input files."""
    places = {"CYBERACCORD_HOME": str(home), "CYBERACCORD_DATA": str(data), "PYTHONPATH": str(code)}
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("CYBERACCORD_", "DAGSTER_"))
    }
    return subprocess.run(
        [sys.executable, "-c", COMMAND, *words],
        env={**environment, **places, **more},
        cwd=home.parent,
        capture_output=True,
        text=True,
    )


def seen(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file of a folder with its size and the moment of its last change."""
    return {str(p.relative_to(folder)): (p.stat().st_size, p.stat().st_mtime_ns) for p in folder.rglob("*")}


@pytest.fixture(scope="module")
def edition(tmp_path_factory, long):
    """An edition on input files of its own: its store and the files."""
    folder = tmp_path_factory.mktemp("edition")
    home, data = folder / "home", folder / "data"
    for name in store.INPUTS:
        shutil.copytree(store.DATA / name, data / name)
    made = command(home, data, "run", *([] if long else SMALL))
    assert made.returncode == 0, made.stderr
    return home, data


@pytest.fixture
def replay(tmp_path):
    """`cyberaccord replay` of an edition, which leaves nothing in the folder for temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()

    def made(edition, code=store.ROOT, **more):
        done = command(*edition, "replay", month(), code=code, TMPDIR=str(folder), **more)
        assert not list(folder.glob("cyberaccord*"))
        return done

    return made


def test_on_the_same_machine_every_number_is_the_same_to_the_last_bit_and_nothing_is_touched(edition, replay):
    before = seen(edition[0])
    done = replay(edition)
    assert done.returncode == 0, done.stdout + done.stderr
    *_, rule, verdict = done.stdout.splitlines()
    assert rule == "rule: exact, the class of machine is that of the run"
    compared, identical = (int(n.replace(",", "")) for n in re.findall(r"([\d,]+) (?:numbers|identical)", verdict))
    assert compared == identical > 1_000_000 and verdict.endswith("identical: PASS")
    assert "meta.changes (" in done.stdout
    assert seen(edition[0]) == before


@pytest.mark.skipif(platform.machine() != "x86_64", reason="imitates a processor of the family x86-64")
def test_on_another_processor_every_number_is_within_1e_12_of_the_baseline(edition, replay):
    done = replay(edition, **OTHER_PROCESSOR)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "machine: of another class than the edition's: " in done.stdout
    assert "rule: within 1e-12 of the baseline" in done.stdout
    assert done.stdout.splitlines()[-1].endswith("PASS")


def test_the_files_that_the_run_kept_are_used_and_not_those_of_today(edition, replay, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(edition[1], data)
    (data / "scenarios" / "universal.yaml").unlink()
    (data / "scenarios" / "un_hanoi.yaml").write_text("no scenario\n", encoding="utf-8")
    (data / "priors" / "convention.yaml").write_text("no prior\n", encoding="utf-8")
    (data / "reference" / "gdp.csv").unlink()
    done = replay((edition[0], data))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].endswith("PASS")


def test_other_code_is_said_first_and_the_cells_that_it_moves_are_named(edition, replay, tmp_path):
    code = tmp_path / "code"
    for name in ("models", "pipelines", "reports"):
        shutil.copytree(store.ROOT / name, code / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("dagster.yaml", "workspace.yaml"):
        shutil.copyfile(store.ROOT / name, code / name)
    module = code / "models" / "deterrence.py"
    text = module.read_text(encoding="utf-8")
    assert text.count(CONSTANT) == 1
    module.write_text(text.replace(CONSTANT, OTHER), encoding="utf-8")
    done = replay(edition, code=code)
    assert done.returncode == 1, done.stdout + done.stderr
    first, *rest = done.stdout.splitlines()
    assert first.startswith("code: ANOTHER than the edition's: ")
    assert any(line.startswith("  model.counterfactual [scenario=") for line in rest)
    assert "FAIL, " in rest[-1]
