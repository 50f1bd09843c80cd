"""Errors of sign-in. None of them reveals whether an account exists."""

from domain.kernel import Rejected


class PasswordTooWeak(Rejected):
    """This password is too easy to guess. Choose a longer one, or several unusual words."""

    code = "auth.password_too_weak"
    kind = "invalid"


class PasswordLengthWrong(Rejected):
    """A password must have 8 to 128 characters."""

    code = "auth.password_length_wrong"
    kind = "invalid"


class SignInRefused(Rejected):
    """Wrong e-mail or password."""

    code = "auth.sign_in_refused"
    kind = "unauthenticated"


class EmailUnverified(Rejected):
    """The e-mail address is not verified. Open the link we sent to it, then sign in."""

    code = "auth.email_unverified"
    kind = "forbidden"


class AccountSuspended(Rejected):
    """An administrator has suspended this account. Contact your administrator."""

    code = "auth.account_suspended"
    kind = "forbidden"


class OwnAccount(Rejected):
    """You cannot do this to your own account. Ask another administrator."""

    code = "auth.own_account"
    kind = "forbidden"


class AddressTaken(Rejected):
    """An account with this address already exists."""

    code = "auth.address_taken"


class SignInEnded(Rejected):
    """Your sign-in has ended. Sign in again."""

    code = "auth.sign_in_ended"
    kind = "unauthenticated"


class TokenRefused(Rejected):
    """The access token is invalid or has expired."""

    code = "auth.token_refused"
    kind = "unauthenticated"


class SignInRequired(Rejected):
    """Authentication is required. Sign in and send the access token."""

    code = "auth.sign_in_required"
    kind = "unauthenticated"


class TenantMismatch(Rejected):
    """The access token belongs to another tenant than the one in `X-Tenant-ID`."""

    code = "auth.tenant_mismatch"
    kind = "forbidden"


class UnsubscribeLinkRefused(Rejected):
    """This link is not valid. Sign in, and choose your e-mails on the page of your account."""

    code = "email.link_refused"
    kind = "invalid"


class LinkRefused(Rejected):
    """This link is invalid, already used or expired. Request a new one."""

    code = "auth.link_refused"
    kind = "invalid"


class EmailAlreadyVerified(Rejected):
    """This address is already confirmed. Sign in."""

    code = "auth.email_already_verified"


class PasswordNeeded(Rejected):
    """Enter the password that you chose when you signed up."""

    code = "auth.password_needed"
    kind = "forbidden"


class RegistrationPasswordWrong(Rejected):
    """This is not the password that was chosen at sign-up. Reset it if somebody else chose it."""

    code = "auth.registration_password_wrong"
    kind = "forbidden"


class SignedInAsAnother(Rejected):
    """You are signed in with another account in this browser. Sign out first, or confirm."""

    code = "auth.signed_in_as_another"


class IdTokenRefused(Rejected):
    """The provider's ID token is invalid or has expired."""

    code = "auth.id_token_refused"
    kind = "unauthenticated"


class IdentityTaken(Rejected):
    """This identity is already linked to another account."""

    code = "auth.identity_taken"


class ProviderUnavailable(Rejected):
    """The identity provider is unavailable. Try again later."""

    code = "auth.provider_unavailable"
    kind = "unavailable"


class ProviderUnknown(Rejected):
    """Sign-in with this provider is not configured here."""

    code = "auth.provider_unknown"
    kind = "not_found"


class FlowRefused(Rejected):
    """This sign-in was not started in this browser, or it has expired. Start again."""

    code = "auth.flow_refused"
    kind = "invalid"


class ReturnPathRefused(Rejected):
    """The return path must be a path of this site, such as `/sessions`."""

    code = "auth.return_path_refused"
    kind = "invalid"


class SignInCancelled(Rejected):
    """Sign-in with the provider was cancelled."""

    code = "auth.sign_in_cancelled"
    kind = "forbidden"


class SignInUnknown(Rejected):
    """You have no such active sign-in."""

    code = "auth.sign_in_unknown"
    kind = "not_found"


class CodeRefused(Rejected):
    """The provider rejected the authorization code. Start again."""

    code = "auth.code_refused"
    kind = "unauthenticated"


class ProviderEmailUnverified(Rejected):
    """The provider has not verified your e-mail address. Verify it there, then try again."""

    code = "auth.provider_email_unverified"
    kind = "forbidden"


class ProviderDomainRefused(Rejected):
    """This provider may not sign in people with your e-mail domain. Use another sign-in method."""

    code = "auth.provider_domain_refused"
    kind = "forbidden"


class EnrolmentRequired(Rejected):
    """Your role requires a second factor. Add one first, on the page of your account."""

    code = "auth.enrolment_required"
    kind = "forbidden"


class ConfirmationRequired(Rejected):
    """Confirm this change with your second factor, then try again."""

    code = "auth.confirmation_required"
    kind = "forbidden"


class CodeWrong(Rejected):
    """This code is wrong, or was already used. Wait for the next one."""

    code = "auth.code_wrong"
    kind = "forbidden"


class TooManyCodes(Rejected):
    """Too many wrong codes. Wait before you try another one."""

    code = "auth.too_many_codes"
    kind = "forbidden"


class PasskeyRefused(Rejected):
    """This passkey is not accepted here. Try another one, or another way to sign in."""

    code = "auth.passkey_refused"
    kind = "forbidden"


class PasskeyChallengeRefused(Rejected):
    """This passkey request was already used, or has expired. Start again."""

    code = "auth.passkey_challenge_refused"
    kind = "forbidden"


class PasskeyCopied(Rejected):
    """This passkey was used elsewhere with a higher counter: it may be a copy. Replace it."""

    code = "auth.passkey_copied"
    kind = "forbidden"


class AccountExists(Rejected):
    """Your address already has an account. Sign in to it, then link this provider to it."""

    code = "auth.account_exists"
    kind = "forbidden"


class CrossSite(Rejected):
    """Cookies are accepted only from pages of this site. Send `Origin`, or send tokens instead."""

    code = "auth.cross_site"
    kind = "forbidden"


class PasswordsBusy(Rejected):
    """Too many passwords are being checked. Try again in a moment."""

    code = "auth.busy"
    kind = "unavailable"


class MailRefused(Rejected):
    """The mail server refused the message for good."""

    code = "mail.refused"
    kind = "invalid"


class MailDeferred(Rejected):
    """The mail server does not take this message now. It takes others."""

    code = "mail.deferred"
    kind = "unavailable"


class MailUndelivered(Rejected):
    """The mail server is not available."""

    code = "mail.undelivered"
    kind = "unavailable"
