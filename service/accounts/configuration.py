"""What the settings say about accounts, as the functions of accounts take it."""

from service.accounts.invitations import Post
from service.accounts.oidc import Provider
from service.accounts.vault import Vault
from service.errors import UnknownRecordError
from service.mailer import MailServer
from service.settings import Settings


def vault_of(settings: Settings) -> Vault:
    """Return the vault of the service's secret key."""
    return Vault(settings.secret_key.get_secret_value())


def post_of(settings: Settings) -> Post:
    """Return how links reach people: without REMIX_SMTP_HOST nobody is written to."""
    if not settings.smtp_host:
        return Post(settings.public_url)
    server = MailServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        sender=settings.smtp_from,
        user=settings.smtp_user,
        password=settings.smtp_password.get_secret_value(),
        starttls=settings.smtp_starttls,
    )
    return Post(settings.public_url, server)


def provider_of(settings: Settings) -> Provider:
    """Return the identity provider; raises UnknownRecordError if none is configured."""
    if not settings.oidc_issuer:
        raise UnknownRecordError("no identity provider is configured: log in with e-mail and password")
    return Provider(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        redirect_uri=f"{settings.public_url.rstrip('/')}/log-in/provider/return",
        strong=frozenset(value.strip() for value in settings.oidc_strong.split(",") if value.strip()),
    )
