"""Runs the browser tests: every function whose name starts with `test_` in the test modules, each with a shop of its own."""

import os
import pathlib
import sys
import time
import traceback

from playwright.sync_api import sync_playwright

import test_accounts
import test_docs
import test_forms
import test_orders
import test_pages
from shop import Shop


def tests():
    for module in (test_pages, test_forms, test_docs, test_orders, test_accounts):
        for name, function in vars(module).items():
            if name.startswith("test_"):
                yield name.removeprefix("test_").replace("_", " "), function, getattr(module, "SITE", Shop)


def main():
    screenshots = pathlib.Path(os.environ["SCREENSHOTS"])
    screenshots.mkdir(parents=True, exist_ok=True)
    passed, failed = 0, 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ["CHROMIUM"], args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        for name, function, site in tests():
            if len(sys.argv) > 1 and sys.argv[1] not in name:
                continue
            start = time.monotonic()
            try:
                with site(os.environ["OFFSTAGE_BINARY"]) as shop:
                    function(browser, shop, screenshots)
                passed += 1
                print(f"passed  {name} ({time.monotonic() - start:.1f} s)", flush=True)
            except Exception as error:
                failed += 1
                print(f"FAILED  {name}", flush=True)
                place = traceback.extract_tb(error.__traceback__)[-1]
                print(f"        {type(error).__name__} {str(error)[:2000]} ({place.filename}:{place.lineno})", flush=True)
        browser.close()
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


main()
