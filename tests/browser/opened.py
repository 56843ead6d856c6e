"""A page of the report in a browser, with what it says on the console and asks of the network noted."""


def open_page(chromium, report, width, fragment=""):
    page = chromium.new_page(viewport={"width": width, "height": 900})
    page.noise = []
    page.on("console", lambda message: page.noise.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: page.noise.append(f"error: {error}"))
    page.on(
        "request",
        lambda request: (
            page.noise.append(request.url) if not request.url.startswith(("file:", "data:", "blob:")) else None
        ),
    )
    page.goto(report.as_uri() + fragment)
    page.wait_for_selector("html[data-drawn=true]", timeout=30_000)
    return page
