"""The page that gathers what one sets up: it offers what the person may change, and nothing else."""

import re

from portal.web.places import ADMINISTRATION

PAGE = "/c/acme/administration"


def offered(client):
    return set(re.findall(r'<li>\s*<a href="([^"]+)"', client.page("administration")))


def test_an_admin_is_offered_all_of_it_and_every_link_opens(client, cast):
    ana = client.sign_in(cast.ana)
    links = offered(ana)
    assert len(links) == sum(len(pages) for _, pages in ADMINISTRATION)
    for link in links:
        assert ana.get(link).status_code == 200, link


def test_a_page_that_it_leads_to_leads_back_and_marks_its_entry(client, cast):
    ana = client.sign_in(cast.ana)
    page = ana.get("/c/acme/roles").get_data(as_text=True)
    assert f'<a class="back-link" href="{PAGE}">' in page
    assert re.search(rf'href="{PAGE}" aria-current="page"', page)


def test_who_may_set_up_nothing_is_refused_and_not_offered_it(client, cast):
    eve = client.sign_in(cast.eve)
    assert eve.get(PAGE).status_code == 403
    assert PAGE not in eve.page("absences")
