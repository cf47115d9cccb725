"""A role of the company's own is given by an import under the short name that its page shows."""

from __future__ import annotations

import re
from io import BytesIO

_KEPT = re.compile(r'name="kept"[^>]*value="([^"]+)"')


def test_an_import_gives_the_companys_own_role(client, cast, own_roles):
    own_roles.make("Front desk", directory_view="company")
    rows = b"email,first_name,last_name,start_date,role\n" + (
        f"{cast.otto.email},Otto,{cast.otto.name.split()[1]},2020-01-01,own-front-desk\n".encode()
    )
    client.sign_in(cast.ana)
    shown = client.send(
        "people/import-previews", {"file": (BytesIO(rows), "people.csv")}, content_type="multipart/form-data"
    )
    assert shown.status_code == 200, shown.text
    assert client.send("people/imports", {"kept": _KEPT.search(shown.text)[1]}).status_code == 303
    assert "own-front-desk" in own_roles.held_by(cast.otto)
