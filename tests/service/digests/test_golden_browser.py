"""The golden e-mails in a real browser: no rule of axe broken, nothing wider than a telephone, nothing fetched."""

import pytest

from tests.service.digests.editions import EDITIONS, GOLDEN
from tests.service.pages.chromium import NARROWEST, chromium, overflow, violations

pytestmark = pytest.mark.slow
OF_THE_MAIL_PROGRAM = frozenset({"landmark-one-main", "region"})
"""An e-mail is shown inside a page of the mail program, whose landmarks they are."""


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", EDITIONS)
def test_an_e_mail_breaks_no_rule_fits_every_width_and_fetches_nothing(browser, name, scheme):
    page = browser.new_page(color_scheme=scheme)
    fetched = []
    page.on("request", lambda request: fetched.append(request.url))
    for width in (NARROWEST, 700):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto((GOLDEN / f"{name}.html").as_uri())
        assert overflow(page) == 0
        assert [one for one in violations(page) if one[0] not in OF_THE_MAIL_PROGRAM] == []
    assert {url.partition(":")[0] for url in fetched} == {"file"}
    assert len(fetched) == 2
    page.close()
