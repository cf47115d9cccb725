"""Puts the portal together: settings, database, security, pages. Read it top to bottom and you know the house."""

from __future__ import annotations

import gc
import os
from dataclasses import dataclass
from typing import Any

from flask import Flask, g
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import cli
from portal.blueprints import all_blueprints
from portal.config import Mode, Settings
from portal.db import SUPPORT, db
from portal.demo.companies import COMPANIES as DEMO_COMPANIES
from portal.demo.companies import PASSWORD as DEMO_PASSWORD
from portal.domain.clock import Clock, SystemClock
from portal.domain.permissions import Permission
from portal.integrations.fence import Fence
from portal.services import access, company_key_upkeep
from portal.services.outside import Outside
from portal.surroundings import connect_outside, with_database
from portal.web import (
    access_tokens,
    assets,
    compression,
    cross_site,
    errors,
    fence,
    filters,
    guards,
    headers,
    health,
    htmx,
    incident_words,
    language,
    licence_banner,
    logs,
    metrics,
    navigation,
    operator_door,
    role_words,
    session_cookies,
    support_words,
    tenancy,
    trust_words,
)

#: In this order: what comes first looks at a request first, and at its answer last.
_PARTS = (
    db,
    logs,
    metrics,
    headers,
    cross_site.csrf,
    tenancy,
    operator_door,
    session_cookies,
    language,
    assets,
    compression,
    htmx,
    filters,
    navigation,
    role_words,
    support_words,
    incident_words,
    trust_words,
    licence_banner,
    errors,
    fence,
    health,
    cli,
)


@dataclass(frozen=True)
class Staffroom:
    """What the portal keeps on the app: `app.extensions["staffroom"]`."""

    settings: Settings
    clock: Clock
    outside: Outside
    access_tokens: access_tokens.AccessTokens

    @property
    def fence(self) -> Fence:
        """Stands while nothing may be written."""
        return Fence(self.settings.instance / "fence.json")


def create_app(
    settings: Settings | None = None, *, clock: Clock | None = None, outside: Outside | None = None
) -> Flask:
    """The portal as a WSGI app. Settings come from the environment unless a test brings its own."""
    settings = with_database(settings or Settings.from_environ(os.environ))
    app = Flask("portal", static_folder=None)
    outside = outside or connect_outside(settings)
    tokens = access_tokens.AccessTokens(_signing_keys(settings), issuer=settings.url)
    app.extensions["staffroom"] = Staffroom(settings, clock or SystemClock(), outside, tokens)
    _configure(app, settings, outside)
    for part in _PARTS:
        part.init_app(app)
    for blueprint in all_blueprints(outbox=settings.outbox, support=settings.operator_url is not None):
        app.register_blueprint(blueprint)
    _teach_templates(app, settings)
    guards.refuse_unmarked_routes(app)
    guards.excuse_from_form_tokens(app)
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    with app.app_context():
        try:
            company_key_upkeep.refuse_foreign(outside.key_wrapping)
        finally:
            db.engine.dispose()  # a server that divides itself after this must not share a connection
    if settings.mode is not Mode.TEST:
        calm_the_collector()
    return app


def calm_the_collector() -> None:
    """What the start has built stays for good; walking over it again and again is what makes slow pages slow.

    A page leaves some thousands of objects that only the collector can take away. Taken away every few pages they
    cost 3 ms; ten times as many cost one page in twenty 30 ms.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 50, 100)


def _configure(app: Flask, settings: Settings, outside: Outside) -> None:
    app.config.update(
        SECRET_KEY=outside.master_keys.derive("flask-cookies"),
        SESSION_COOKIE_NAME="__Host-form",
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_BINDS=_support_pool(settings),
        SQLALCHEMY_ENGINE_OPTIONS={
            "pool_pre_ping": True,
            "hide_parameters": True,  # a failed statement is logged; whom it was about is not
            "pool_size": 8,
            "max_overflow": 4,
            "pool_timeout": 10,
            "pool_use_lifo": True,  # the fewest connections do the work, the others may be closed
            # Behind a pooler the next transaction has another connection, which knows nothing of what was prepared.
            "connect_args": {"prepare_threshold": None} if settings.pooled else {},
        },
        MAX_CONTENT_LENGTH=26 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        WTF_CSRF_SSL_STRICT=False,  # Referer is never sent; the Origin check of web/headers.py stands in
        TRUSTED_HOSTS=[host for host in (settings.host, settings.operator_host) if host]
        if settings.production
        else None,
        TESTING=settings.mode is Mode.TEST,
        PROPAGATE_EXCEPTIONS=False,
        DEBUG=settings.debug,
    )


def _teach_templates(app: Flask, settings: Settings) -> None:
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.context_processor(_what_templates_know)
    if settings.mode is Mode.DEMO:
        app.jinja_env.globals.update(
            demo_companies=DEMO_COMPANIES, demo_password=DEMO_PASSWORD, demo_dns_file=settings.dns_file
        )


def _support_pool(settings: Settings) -> dict[str, Any]:
    """The operator's staff are few, and served as a role of their own."""
    if settings.operator_url is None or settings.database_support_url is None:
        return {}
    return {
        SUPPORT: {
            "url": settings.database_support_url,
            "pool_pre_ping": True,
            "hide_parameters": True,
            "pool_size": 2,
            "max_overflow": 4,
            "pool_timeout": 10,
        }
    }


def _signing_keys(settings: Settings) -> access_tokens.SigningKeys:
    return access_tokens.SigningKeys.load(
        settings.key_file.with_name("signing.json"), create=not settings.production
    )


def _what_templates_know() -> dict[str, Any]:
    uow = g.get("uow")
    if uow is None:
        return {"actor": None, "company": None, "can": lambda _permission: False, "clock_today": None}
    return {
        "actor": uow.actor,
        "company": uow.company,
        "can": lambda permission: access.can(uow, Permission(permission)),
        "today": uow.today(),
    }
