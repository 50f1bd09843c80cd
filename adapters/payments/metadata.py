"""Names of the metadata by which a payment of ours is found at a gateway."""

from typing import Final

TENANT: Final = "kinelog_tenant"
PAYMENT: Final = "kinelog_payment"
ATTEMPT: Final = "kinelog_attempt"
