"""SAML 2.0 with python3-saml, and everything that it leaves unasked. Plain values in and out: no rows, no requests."""

from portal.integrations.sso.saml.answer import Arrived as Arrived
from portal.integrations.sso.saml.answer import Examination as Examination
from portal.integrations.sso.saml.answer import accept as accept
from portal.integrations.sso.saml.answer import examine as examine
from portal.integrations.sso.saml.assertion import Asserted as Asserted
from portal.integrations.sso.saml.assertion import Expected as Expected
from portal.integrations.sso.saml.certificates import MOST as MOST
from portal.integrations.sso.saml.certificates import Certificate as Certificate
from portal.integrations.sso.saml.certificates import CertificateRefused as CertificateRefused
from portal.integrations.sso.saml.certificates import read_certificate as read_certificate
from portal.integrations.sso.saml.metadata import Fault as Fault
from portal.integrations.sso.saml.metadata import IdpMetadata as IdpMetadata
from portal.integrations.sso.saml.metadata import MetadataRefused as MetadataRefused
from portal.integrations.sso.saml.metadata import checked_entity_id as checked_entity_id
from portal.integrations.sso.saml.metadata import checked_sso_url as checked_sso_url
from portal.integrations.sso.saml.metadata import portal_metadata as portal_metadata
from portal.integrations.sso.saml.metadata import read_metadata as read_metadata
from portal.integrations.sso.saml.own_keys import make_key_pair as make_key_pair
from portal.integrations.sso.saml.parties import Idp as Idp
from portal.integrations.sso.saml.parties import KeyPair as KeyPair
from portal.integrations.sso.saml.parties import Portal as Portal
from portal.integrations.sso.saml.refused import Check as Check
from portal.integrations.sso.saml.refused import SamlRefused as SamlRefused
from portal.integrations.sso.saml.request import SignInRequest as SignInRequest
from portal.integrations.sso.saml.request import sign_in_request as sign_in_request
