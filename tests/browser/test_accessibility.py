"""The rules of axe-core on the report, with every closed part opened; the script comes with its package."""

import pytest

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_no_serious_violation(chromium, report, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    # The page forbids scripts that are not its own; the checker is one.
    page = chromium.new_page(viewport={"width": width, "height": 900}, bypass_csp=True)
    page.goto(report.as_uri())
    page.wait_for_selector("html[data-drawn=true]", timeout=30_000)
    page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true; })")
    answer = axe.run(page).response
    assert len(answer["passes"]) > 20
    serious = [
        (rule["id"], rule["help"], [node["html"][:200] for node in rule["nodes"][:3]])
        for rule in answer["violations"]
        if rule["impact"] in ("serious", "critical")
    ]
    assert serious == []
    page.close()
