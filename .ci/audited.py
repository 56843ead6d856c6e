"""What `pip-audit` found, in one line; exit code 1 where a locked package has a known vulnerability.

Where no service of vulnerabilities answers, that is said and nothing more: not every registry has one.
"""

import json
import sys
from pathlib import Path

path = Path(sys.argv[1])
try:
    packages = json.loads(path.read_text(encoding="utf-8"))["dependencies"]
except (OSError, ValueError, KeyError):
    packages = []
looked_up = [package for package in packages if "vulns" in package]
found = [(package["name"], package["version"], vuln["id"]) for package in looked_up for vuln in package["vulns"]]
if not looked_up:
    print("audit: NOT DONE, no service of vulnerabilities answers here for any locked package")
else:
    print(f"audit: {len(looked_up)} of {len(packages)} locked packages looked up, {len(found)} known vulnerabilities")
for name, version, vulnerability in found:
    print(f"  {name} {version}: {vulnerability}")
sys.exit(bool(found))
