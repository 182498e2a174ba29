"""Whom a project needs beside it: bodies, the roles they play, and their order by what they add.

communes, organisations, funded projects ──assemble──► bodies ──Directory──► PartnerFinder.recommend ──► reasons
"""

from matcher.partners.bodies import Basis, Confidence, Identity, PartnerBody, assemble, possible_kinds
from matcher.partners.directory import Directory, Hidden
from matcher.partners.features import PartnerQuery
from matcher.partners.finder import FilledRole, PartnerFinder, PartnerRecommendation, PartnerRecommendations
from matcher.partners.ranker import PartnerRanker, load_partner_ranker
from matcher.partners.roles import ROLES, Role, RoleSort, asked_roles, roles_of

__all__ = [
    "ROLES",
    "Basis",
    "Confidence",
    "Directory",
    "FilledRole",
    "Hidden",
    "Identity",
    "PartnerBody",
    "PartnerFinder",
    "PartnerQuery",
    "PartnerRanker",
    "PartnerRecommendation",
    "PartnerRecommendations",
    "Role",
    "RoleSort",
    "asked_roles",
    "assemble",
    "load_partner_ranker",
    "possible_kinds",
    "roles_of",
]
