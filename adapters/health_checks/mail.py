"""Health check of e-mails: whether a mail server takes them."""

from application.operations.readiness import Check, Degraded


def mail(*, has_server: bool, is_public: bool) -> Check:
    """Check that people elsewhere do not depend on files of this machine."""

    def probe() -> str:
        if has_server:
            return "A mail server takes e-mails."
        sentence = "E-mails are files (kinelog mail list), as no mail server is set"
        if is_public:
            raise Degraded(f"{sentence}, though KINELOG_BASE_URL is not of this machine alone.")
        return f"{sentence}."

    return Check("mail", probe, needed=False)
