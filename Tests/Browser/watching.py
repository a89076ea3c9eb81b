"""A page that notes everything a healthy one never does."""

import contextlib

VIOLATIONS = """
    window.violations = [];
    document.addEventListener('securitypolicyviolation', (event) =>
        window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


class Watch:
    def __init__(self, address):
        self.address = address
        self.errors = []
        self.outside = []
        self.expected = set()

    def console(self, message):
        # A navigation that is answered with 4xx is in the console too; the test says which it expects.
        if message.type in ("error", "warning") and not any(word in message.text for word in self.expected):
            self.errors.append(message.text)

    def request(self, request):
        if not request.url.startswith((self.address + "/", "data:", "blob:")):
            self.outside.append(request.url)

    def done(self):
        assert not self.errors, f"console: {self.errors}"
        assert not self.outside, f"outside requests: {self.outside}"


@contextlib.contextmanager
def page_of(browser, shop, width=1280, height=900, script=True, scheme="light", expected=()):
    """A page in a context of its own; fails at the end when the console, the policy or the network complained."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=script, color_scheme=scheme, base_url=shop.address
    )
    context.set_default_timeout(15_000)
    watch = Watch(shop.address)
    watch.expected = set(expected)
    context.add_init_script(VIOLATIONS)
    page = context.new_page()
    page.on("console", watch.console)
    page.on("pageerror", lambda error: watch.errors.append(str(error)))
    context.on("request", watch.request)
    try:
        yield page
        if script:
            violations = page.evaluate("window.violations")
            assert not violations, f"content security policy: {violations}"
        watch.done()
    finally:
        context.close()


def has_no_sideways_scroll(page):
    widths = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert widths[0] <= widths[1], f"the page is {widths[0]} px wide in a window of {widths[1]}"
