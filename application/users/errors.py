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


class AccountSuspended(Rejected):
    """An administrator has suspended this account; ask them."""

    code = "auth.account_suspended"
    kind = "forbidden"


class OwnAccount(Rejected):
    """This is for another administrator to do with your account."""

    code = "auth.own_account"
    kind = "forbidden"


class AddressTaken(Rejected):
    """Somebody has an account with this address already."""

    code = "auth.address_taken"


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


class ProviderUnknown(Rejected):
    """Nobody signs in with this provider here."""

    code = "auth.provider_unknown"
    kind = "not_found"


class FlowRefused(Rejected):
    """This way was not begun in this browser, or it took too long; begin again."""

    code = "auth.flow_refused"
    kind = "invalid"


class ReturnPathRefused(Rejected):
    """Where to go afterwards is a path of this site, such as `/sessions`."""

    code = "auth.return_path_refused"
    kind = "invalid"


class SignInCancelled(Rejected):
    """Signing in with the provider was cancelled."""

    code = "auth.sign_in_cancelled"
    kind = "forbidden"


class SignInUnknown(Rejected):
    """You have no such sign-in, or it is over already."""

    code = "auth.sign_in_unknown"
    kind = "not_found"


class CodeRefused(Rejected):
    """The provider does not take back the code that it gave; begin again."""

    code = "auth.code_refused"
    kind = "unauthenticated"


class ProviderEmailUnverified(Rejected):
    """The provider has not verified your e-mail address: have it do so, then come again."""

    code = "auth.provider_email_unverified"
    kind = "forbidden"


class CrossSite(Rejected):
    """Cookies are taken only from pages of this site: send `Origin`, or the tokens themselves."""

    code = "auth.cross_site"
    kind = "forbidden"


class PasswordsBusy(Rejected):
    """Too many passwords are being checked just now; try again in a moment."""

    code = "auth.busy"
    kind = "unavailable"


class MailUndelivered(Rejected):
    """The mail server did not take the message."""

    code = "mail.undelivered"
    kind = "unavailable"
