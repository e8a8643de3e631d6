"""What happens at the doors beside the act itself: mails with links, and word of what changed the locks."""

from collections.abc import Mapping

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import formats, mail, notices
from marketplace.accounts import devices, proofs, second_factor, sign_in
from marketplace.accounts.models import User, UserSession
from marketplace.accounts.principal import digest
from marketplace.extensions import now
from marketplace.wording import name


def sign_up(session: Session, *, email: str, password: str, name: str) -> User:
    """Make an account and send the link that proves its address.

    Raises:
        Invalid: as `sign_in.sign_up` says.
    """
    user = sign_in.sign_up(session, email=email, password=password, name=name)
    ask_for_proof(session, user)
    return user


def set_by_link(session: Session, secret: str, password: str, *, with_tokens: bool = False) -> User:
    """Set the password of a link's account; where it replaces one, the person hears of it. `with_tokens` ends the
    person's tokens too: somebody else may have made one.

    Raises:
        LinkGone, Invalid: as `sign_in.use_link` says.
    """
    had_one = sign_in.link(session, secret).user.password_hash is not None
    user = sign_in.use_link(session, secret, password)
    sign_in.note_password_here(user)
    if with_tokens:
        devices.end_all(session, user, with_tokens=True)
    if had_one:
        tell_of_password(session, user)
    return user


def ask_for_proof(session: Session, user: User) -> None:
    """Send the link that proves the person's address.

    Raises:
        Conflict: it is proved already. TooMany: too many were sent within the hour.
    """
    _send_proof(session, user.email, proofs.ask(session, user))


def ask_for_change(session: Session, user: User, email: str) -> None:
    """Send the link that makes a new address the person's to that address.

    Raises:
        Invalid, TooMany: as `proofs.ask_change` says.
    """
    _send_proof(session, email.strip().lower(), proofs.ask_change(session, user, email))


def prove(session: Session, secret: str) -> User:
    """Use a proof up; when it changed the address, the old one hears of it.

    Raises:
        LinkGone, Invalid: as `proofs.prove` says.
    """
    proved = proofs.prove(session, secret)
    if proved.old_email is not None:
        mail.ask(
            session,
            to=proved.old_email,
            key=f"email-changed:{_occasion(secret)}",
            subject=_("[%(site)s] 계정의 이메일이 바뀌었어요", site=current_app.config["SITE_NAME"]),
            body=_(
                "%(site)s 계정의 이메일을 다른 주소로 바꿨어요. 이제 이 주소로는 로그인할 수 없어요.\n\n"
                "내가 바꾸지 않았다면 운영자에게 바로 알려 주세요.",
                site=current_app.config["SITE_NAME"],
            ),
        )
    return proved.user


def ask_for_reset(session: Session, email: str) -> None:
    """Send the link that sets a new password, if the address may have one; the asker learns nothing either way."""
    found = proofs.ask_reset(session, email)
    if found is None:
        return
    user, secret = found
    mail.ask(
        session,
        to=user.email,
        key=f"reset:{_occasion(secret)}",
        subject=_("[%(site)s] 새 비밀번호 정하기", site=current_app.config["SITE_NAME"]),
        body=_(
            "아래 링크에서 새 비밀번호를 정할 수 있어요. 1시간 안에 한 번만 쓸 수 있어요.\n\n%(link)s\n\n"
            "내가 부탁하지 않았다면 이 메일을 지워 주세요. 비밀번호는 바뀌지 않아요.",
            link=f"{current_app.config['SITE_URL']}/welcome/{secret}",
        ),
    )


def enter(session: Session, user: User) -> None:
    """Begin the sign-in on this device; on one that is new to the person, they hear of it, unless they have just set
    their password by a link in this browser: that mail has gone out already."""
    own = sign_in.has_set_password_here(user)
    entered = sign_in.begin(session, user)
    session.flush()  # the notice names the new sign-in
    if entered.on_new_device and not own:
        _tell(session, "account.new_device", user, entered.row.public_id, _sign_in_in_words(entered.row))


def change_password(session: Session, user: User, old: str, new: str) -> None:
    """Set another password; every sign-in ends, and this device begins a new one.

    Raises:
        Invalid: at "password" (the old one), or at "new_password". TooMany: wait first.
    """
    user = sign_in.require_password(session, user, old)
    sign_in.set_password(session, user, new, pointer="new_password")
    sign_in.begin(session, user)
    tell_of_password(session, user)


def tell_of_password(session: Session, user: User) -> None:
    """The password was set anew."""
    _tell(session, "account.password_changed", user, now().isoformat())


def turn_second_factor_on(session: Session, user: User, code: str, occasion: str) -> list[str]:
    """Ask for a code at every sign-in from now on; returns the recovery codes. The other devices are signed out.

    Raises:
        Conflict, Invalid: as `second_factor.confirm` says.
    """
    second_factor.confirm(session, user, code)
    devices.end_all(session, user, but_this=True)
    _tell(session, "account.second_factor_on", user, now().isoformat())
    return second_factor.renew_recovery(session, user, occasion)


def turn_second_factor_off(session: Session, user: User, password: str) -> None:
    """Ask for no code any more.

    Raises:
        Invalid: at "password". Conflict: it is off already. TooMany: wait first.
    """
    user = sign_in.require_password(session, user, password)
    second_factor.turn_off(session, user)
    _tell(session, "account.second_factor_off", user, now().isoformat())


def _tell(
    session: Session, event: str, user: User, key: str, params: Mapping[str, str] | None = None
) -> None:
    key = f"{user.public_id}:{key}"
    notices.tell(session, event, key=key, link="/account", about=user, users=[user], params=params)


def _sign_in_in_words(row: UserSession) -> dict[str, str]:
    """Device and moment as the list of devices calls them, in both languages."""
    browser, system = row.device.split("/")
    said: dict[str, str] = {}
    for language, ending in (("ko", ""), ("en", "_en")):
        with force_locale(language):
            said[f"device{ending}"] = f"{name('browser', browser)} · {name('system', system)}"
            day = formats.date_text(row.created_at, language)
            said[f"at{ending}"] = f"{day} {formats.local_time(row.created_at):%H:%M}"
    return said


def _send_proof(session: Session, to: str, secret: str) -> None:
    mail.ask(
        session,
        to=to,
        key=f"proof:{_occasion(secret)}",
        subject=_("[%(site)s] 이메일 확인", site=current_app.config["SITE_NAME"]),
        body=_(
            "아래 링크를 열고 단추를 누르면 이 주소가 내 것이라고 확인돼요. 3일 안에 한 번만 쓸 수 있어요.\n\n%(link)s\n\n"
            "내가 가입하거나 주소를 바꾸지 않았다면 이 메일을 지워 주세요.",
            link=f"{current_app.config['SITE_URL']}/confirm-email/{secret}",
        ),
    )


def _occasion(secret: str) -> str:
    """Names the mail without giving the secret away."""
    return digest(secret).hex()[:24]
