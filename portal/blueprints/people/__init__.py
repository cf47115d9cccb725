"""The people pages: directory, records, access and roles, import and export."""

from flask import Blueprint

blueprint = Blueprint("people", __name__)

from portal.blueprints.people import (  # noqa: E402
    access_rights,  # noqa: F401
    chart,  # noqa: F401
    custom_fields,  # noqa: F401
    directory,  # noqa: F401
    exports,  # noqa: F401
    imports,  # noqa: F401
    many,  # noqa: F401
    own_values,  # noqa: F401
    photos,  # noqa: F401
    records,  # noqa: F401
    rehiring,  # noqa: F401
)
