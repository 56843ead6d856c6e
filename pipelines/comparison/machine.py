"""The class of a machine: what decides whether the same code and inputs give the same bits."""

from __future__ import annotations

import platform
from importlib.metadata import version

PACKAGES = ("duckdb", "numpy", "polars", "scipy")


def machine_class() -> dict[str, str]:
    """System, processor, kernels, packages that add: within a class the numbers are the same to the last digit."""
    import numpy
    import threadpoolctl

    extensions = numpy.show_config(mode="dicts")["SIMD Extensions"]  # type: ignore[call-overload]
    blas = [each for each in threadpoolctl.threadpool_info() if each["user_api"] == "blas"]
    return {
        "system": platform.system(),
        "processor": platform.machine(),
        "vector instructions": " ".join(sorted(extensions.get("found", ()))),
        "linear algebra": " ".join(sorted({f"{each['internal_api']} {each.get('architecture')}" for each in blas})),
        "python": ".".join(platform.python_version_tuple()[:2]),
        **{name: version(name) for name in PACKAGES},
    }
