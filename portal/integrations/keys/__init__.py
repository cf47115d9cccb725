"""The keys of the house: what they seal, sign and hash. Which rows are sealed is decided by the services."""

from portal.integrations.keys.company import CompanyKeys, SealBroken
from portal.integrations.keys.key_file import KeysMissing, KeysUnsafe
from portal.integrations.keys.master import MasterKeys
from portal.integrations.keys.signing import SigningKey, SigningKeys
from portal.integrations.keys.wrapping import KeysUnavailable, KeyWrapping

__all__ = [
    "CompanyKeys",
    "KeyWrapping",
    "KeysMissing",
    "KeysUnavailable",
    "KeysUnsafe",
    "MasterKeys",
    "SealBroken",
    "SigningKey",
    "SigningKeys",
]
