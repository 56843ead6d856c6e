"""What Tab completes at the prompt, and that a person and a pipe get the same answers."""

import os
import pty
import select
import sys
import time

from pipelines import ask, sql_prompt


def test_tables_columns_macros_and_scenarios_are_completed(published):
    with ask.connect() as connection:
        known = sql_prompt.names(connection)
    assert "model.counterfactual" in sql_prompt.matches("counterf", known)
    assert "model.counterfactual" in sql_prompt.matches("model.counter", known)
    assert sql_prompt.matches("p_not", known) == ["p_not_better"]
    assert sql_prompt.matches("COMPA", known) == ["compare("]
    assert "'op_ed_convention'" in sql_prompt.matches("'op", known)
    assert sql_prompt.matches("no such", known) == []


def test_a_person_gets_completion_and_the_lines_of_the_session_before(published):
    """Driven through a terminal of its own: Tab after `headl` makes the name whole; the line is kept."""
    shown = dialog(b"select count(*) > 0 as any_row from headl\t;\n\x04")
    assert "any_row" in shown and "True" in shown
    again = dialog(b"\x1b[A\n\x04")  # arrow up
    assert "any_row" in again and "True" in again


def dialog(keys: bytes) -> str:
    """What `cyberaccord sql` shows to somebody who types so."""
    child, terminal = pty.fork()
    if child == 0:
        os.execv(sys.executable, [sys.executable, "-c", "from pipelines.cli import main; main()", "sql"])
    shown = read(terminal, until="cyberaccord> ")
    os.write(terminal, keys)
    shown += read(terminal)
    os.close(terminal)
    os.waitpid(child, 0)
    return shown


def read(terminal: int, until: str | None = None) -> str:
    """What comes until the text does, or the end."""
    shown, last = "", time.monotonic() + 20
    while time.monotonic() < last and not (until and until in shown):
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                part = os.read(terminal, 65536)
            except OSError:  # Linux says so where the other side has closed
                break
            if not part:
                break
            shown += part.decode()
    return shown
