"""SCIM 2.0 (RFC 7643, RFC 7644) on the wire: its schemas, requests and answers; what they do is in services."""
