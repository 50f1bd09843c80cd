"""Health check of e-mails: whether a mail server takes them."""

from adapters.mail.smtp import SmtpMailer
from application.operations.readiness import Check, Degraded
from domain.kernel import Rejected


def mail(server: SmtpMailer | None, *, is_public: bool) -> Check:
    """Check that the mail server accepts a sign-in, as before each e-mail.

    `is_public`: people elsewhere depend on e-mails, so files of this machine are not enough.
    """

    def probe() -> str:
        if server is not None:
            try:
                server.check()
            except Rejected as obstacle:
                raise Degraded(obstacle.detail) from obstacle
            return "The mail server takes e-mails."
        sentence = "E-mails are files (kinelog mail list), as no mail server is set"
        if is_public:
            raise Degraded(f"{sentence}, though KINELOG_BASE_URL is not of this machine alone.")
        return f"{sentence}."

    return Check("mail", probe, needed=False)
