"""The little Markdown that methods.md uses: headings, paragraphs, fenced equations, `code`.

Nothing else of the language is understood, and no HTML passes.
"""

import re

from markupsafe import Markup, escape


def to_html(text: str) -> Markup:
    """Headings `##` become h3 (they stand under a section's h2), blank lines part paragraphs, fences become pre."""
    parts: list[Markup] = []
    for index, block in enumerate(re.split(r"^```\n?", text, flags=re.MULTILINE)):
        if index % 2:
            parts.append(Markup("<pre>{}</pre>").format(block.rstrip("\n")))
            continue
        for paragraph in re.split(r"\n\s*\n", block.strip()):
            if paragraph.startswith("## "):
                parts.append(Markup("<h3>{}</h3>").format(paragraph[3:]))
            elif paragraph:
                inline = re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(paragraph.replace("\n", " "))))
                parts.append(Markup("<p>") + Markup(inline) + Markup("</p>"))
    return Markup("\n").join(parts)
