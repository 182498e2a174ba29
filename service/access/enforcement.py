"""The policy applied: every request passes here before its route's function runs."""

from typing import Annotated

from fastapi import Depends, Request
from starlette.routing import BaseRoute

from service.access.identification import identify
from service.access.policy import POLICY, Rule
from service.access.principal import Principal
from service.accounts.tables import Role
from service.errors import ForbiddenError, UnauthenticatedError

CurrentPrincipal = Annotated[Principal, Depends(identify)]
"""Who asks."""


def authorised(request: Request, principal: CurrentPrincipal) -> None:
    """Let a request pass if the policy has a rule for its route and the rule admits who asks.

    Raises UnauthenticatedError (who is not logged in might be admitted), ForbiddenError (known, and not admitted).
    """
    rule = rule_of(request.scope["route"], request.method)
    if principal.role not in rule.roles:
        if principal.role is Role.PUBLIC:
            raise UnauthenticatedError("log in, or send an API key")
        raise ForbiddenError(f"the role {principal.role.value} may not do this")
    if principal.scopes is not None and rule.scope not in principal.scopes:
        needed = f"an API key with the scope {rule.scope}" if rule.scope else "a log-in: no API key may do this"
        raise ForbiddenError(f"this needs {needed}")


def rule_of(route: BaseRoute, method: str) -> Rule:
    """Return the rule of a route; raises ForbiddenError for one that nobody classified."""
    path = getattr(route, "path", "")
    rule = POLICY.get(("GET" if method == "HEAD" else method, path))
    if rule is None:
        raise ForbiddenError(f"{method} {path}: nobody has said who may do this")
    return rule
