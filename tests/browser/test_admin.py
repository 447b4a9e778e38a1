"""The admin works under the site's content policy, without a breach."""

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.chromium import Look
from tests.browser.watch import visit
from tests.conftest import StartSite
from tests.processes import ROOT, clean_environ

PASSWORD = "a-long-secret-9"
LISTS = (
    "Answers",
    "Badges",
    "Card states",
    "Item runs",
    "Latest measurements",
    "What was chosen",
    "Project code",
    "Visits",
)


def test_a_teacher_signs_in_looks_at_every_list_and_signs_out(browser: Browser, start_site: StartSite, tmp_path: Path):
    site = start_site(DATA_DIR=str(tmp_path / "data"))
    environ = clean_environ(DATA_DIR=str(tmp_path / "data"), DJANGO_SUPERUSER_PASSWORD=PASSWORD)
    command = [
        sys.executable,
        "manage.py",
        "createsuperuser",
        "--noinput",
        "--username=teacher",
        "--email=t@example.org",
    ]
    subprocess.run(command, cwd=ROOT, env=environ, check=True, capture_output=True)
    with visit(browser, Look(), site.url) as (context, _):
        page = context.new_page()
        page.goto(f"{site.url}/admin/")
        page.get_by_label("Username").fill("teacher")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        for name in LISTS:
            page.goto(f"{site.url}/admin/")
            page.locator("#content-main").get_by_role("link", name=name, exact=True).first.click()
            expect(page.get_by_role("heading", level=1)).not_to_have_text("What learners did")
        page.goto(f"{site.url}/admin/auth/user/")
        page.get_by_role("link", name="teacher", exact=True).click()
        expect(page.get_by_label("Username")).to_have_value("teacher")
        page.get_by_role("button", name="Log out").click()
        expect(page.get_by_role("link", name="Log in again")).to_be_visible()
        page.goto(f"{site.url}/")
        assert {cookie["name"] for cookie in context.cookies(site.url)} <= {"csrftoken", "learner"}
