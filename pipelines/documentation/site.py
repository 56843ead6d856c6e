"""The hook of mkdocs.yml: adds the generated pages to those of docs/, and puts numbers into the others.

What a page says is in the modules beside it. Anything wrong stops the build with one line.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import duckdb
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # this checkout's code, whichever one is installed

from pipelines import store  # noqa: E402
from pipelines.documentation import answers, dictionary, how_to_add, methods, register  # noqa: E402
from pipelines.errors import InputError  # noqa: E402


def generated() -> dict[str, str]:
    """Every page that is made at build time, by its path under docs/."""
    return {
        "data_dictionary.md": dictionary.page(),
        "sources.md": register.sources(),
        "priors.md": register.register(),
        "how_to_add.md": how_to_add.page(ROOT),
        **methods.pages(ROOT),
    }


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages."""
    try:
        for path, text in generated().items():
            files.append(File.generated(config, path, content=text))
    except (InputError, methods.Untested) as error:
        raise PluginError(str(error)) from None
    return files


def on_page_markdown(markdown: str, page: Any, **_: object) -> str:
    """Answer the queries of a page, and put in what the report says of its limits."""
    if not answers.BLOCK.search(markdown):
        return markdown
    database = store.database()
    if not database.exists():
        raise PluginError(f"{store.shown(database)} is missing, and {page.file.src_uri} asks it: make run")
    with duckdb.connect(str(database), read_only=True) as connection:
        try:
            text = answers.filled(markdown, connection, page.file.src_uri)
            text = text.replace("<!-- edition -->", answers.edition(connection))
        except InputError as error:
            raise PluginError(str(error)) from None
    return text.replace("<!-- limits -->", answers.limits(database))
