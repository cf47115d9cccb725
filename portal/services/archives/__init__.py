"""Everything of one company in one signed file, and back again into another portal."""

#: Raised when the meaning of what is inside changes; a reader knows the numbers up to its own.
FORMAT = 1
MANIFEST, SIGNATURE, KEYS = "manifest.json", "manifest.sig", "keys.json"
#: What stays behind, and why. Everything else that has a company_id travels; a test compares with the catalogue.
NOT_TAKEN = {
    "public.billing_event": "messages about payments in the portal that it leaves",
    "public.company_archive": "archives themselves",
    "public.licence_file": "is for the portal that it leaves",
    "public.company_key": "travels in keys.json, without the wrapping of the portal that it leaves",
}
#: The licence is between the company and the portal that it leaves.
LICENCE_COLUMNS = frozenset(
    {
        "licence_kind",
        "licence_ends_on",
        "overdue_since",
        "closed_on",
        "erasing_since",
        "certificate_id",
        "stripe_customer",
        "read_only_since",
    }
)
