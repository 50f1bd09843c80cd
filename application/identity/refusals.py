"""How signing in and everything around it is refused. None of it tells whether somebody exists."""

from domain.kernel import Rejected


class PasswordTooWeak(Rejected):
    """This password is too easy to guess; take a longer one, or several unusual words."""

    code = "auth.password_too_weak"
    kind = "invalid"


class PasswordLengthWrong(Rejected):
    """A password has 8 to 128 characters."""

    code = "auth.password_length_wrong"
    kind = "invalid"


class SignInRefused(Rejected):
    """E-mail address and password do not belong together."""

    code = "auth.sign_in_refused"
    kind = "unauthenticated"


class EmailUnverified(Rejected):
    """Open the link in the message that was sent to this address, then sign in."""

    code = "auth.email_unverified"
    kind = "forbidden"


class SignInEnded(Rejected):
    """This sign-in is over; sign in again."""

    code = "auth.sign_in_ended"
    kind = "unauthenticated"


class TokenRefused(Rejected):
    """The access token is not valid here, or not any more."""

    code = "auth.token_refused"
    kind = "unauthenticated"


class SignInRequired(Rejected):
    """Sign in, and send the access token."""

    code = "auth.sign_in_required"
    kind = "unauthenticated"


class TenantMismatch(Rejected):
    """The access token is for another tenant than `X-Tenant-ID` names."""

    code = "auth.tenant_mismatch"
    kind = "forbidden"


class LinkRefused(Rejected):
    """This link has been used, has expired or was never sent; ask for a new one."""

    code = "auth.link_refused"
    kind = "invalid"


class IdTokenRefused(Rejected):
    """The provider's identity token is not valid here, or not any more."""

    code = "auth.id_token_refused"
    kind = "unauthenticated"


class IdentityTaken(Rejected):
    """This identity already belongs to another account."""

    code = "auth.identity_taken"


class ProviderUnavailable(Rejected):
    """The provider cannot be asked just now; try again later."""

    code = "auth.provider_unavailable"
    kind = "unavailable"


class PasswordsBusy(Rejected):
    """Too many passwords are being checked just now; try again in a moment."""

    code = "auth.busy"
    kind = "unavailable"


class MailUndelivered(Rejected):
    """The mail server did not take the message."""

    code = "mail.undelivered"
    kind = "unavailable"
