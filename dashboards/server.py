"""The dashboards' server: Streamlit's pages behind a sign-in. `streamlit run dashboards/server.py`."""

from functools import cache
from pathlib import Path
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.starlette import App

from dashboards.accounts import ApiAway, OpenedSession, SignInRefused, end, sign_in
from dashboards.session import COOKIE, forget
from timecontrol.clock import SystemClock
from timecontrol.settings import load_settings

FOLDER = Path(__file__).parent
SIGN_IN, SIGN_OUT = "/sign-in", "/sign-out"
# The sign-in page loads nothing, runs nothing and is shown in nobody's frame.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; frame-ancestors 'none'"

templates = Jinja2Templates(FOLDER)
settings = cache(load_settings)


class SignInFirst:
    """Sends whoever opens a page without the cookie to the sign-in, which leads back to the page and its filters."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; a page is what a browser asks for as text/html."""
        if scope["type"] == "http" and scope["path"] not in {SIGN_IN, SIGN_OUT}:
            request = Request(scope)
            if "text/html" in request.headers.get("accept", "") and COOKIE not in request.cookies:
                wanted = f"{request.url.path}?{request.url.query}".removesuffix("?")
                await RedirectResponse(f"{SIGN_IN}?next={quote(wanted, safe='')}", 303)(scope, receive, send)
                return
        await self.app(scope, receive, send)


async def ask(request: Request) -> Response:
    """The sign-in form."""
    return form(request, local(request.query_params.get("next", "")))


async def answer(request: Request) -> Response:
    """Sign in, keep the token in the cookie and go on to the page; what is refused is said above the form."""
    if is_from_elsewhere(request):
        return form(request, "/", refusal="Another site sent this form. Sign in here.", status=403)
    given = await request.form()
    login, password, target = (str(given.get(name, "")) for name in ("login", "password", "next"))
    try:
        opened = await run_in_threadpool(sign_in, settings(), login, password)
    except SignInRefused as refusal:
        status = 503 if isinstance(refusal, ApiAway) else 401
        return form(request, local(target), login=login, refusal=str(refusal), status=status)
    response = RedirectResponse(local(target), 303)
    keep(response, request, opened)
    return response


async def leave(request: Request) -> Response:
    """Sign out: the API takes the token back, the browser forgets it. Another site's link or picture signs nobody out."""
    if is_from_elsewhere(request):
        return RedirectResponse("/", 303)
    note = "You are signed out."
    token = request.cookies.get(COOKIE)
    if token is not None:
        forget(token)
        try:
            await run_in_threadpool(end, settings(), token)
        except ApiAway:
            note = "You are signed out of this browser. The User API does not answer: the session ends there by itself."
    response = form(request, "/", note=note)
    response.delete_cookie(COOKIE, httponly=True, samesite="lax")
    return response


def is_from_elsewhere(request: Request) -> bool:
    """Whether the browser says that another site made it send this."""
    return request.headers.get("sec-fetch-site") == "cross-site"


def keep(response: Response, request: Request, opened: OpenedSession) -> None:
    """Set the cookie: until the token expires, out of reach of scripts, not sent along by other sites' forms and frames."""
    left = opened.expires_at - SystemClock().now()
    response.set_cookie(
        COOKIE,
        opened.token,
        max_age=int(left.total_seconds()),
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )


def form(
    request: Request, target: str, *, login: str = "", refusal: str = "", note: str = "", status: int = 200
) -> Response:
    """The sign-in page."""
    context = {"target": target, "login": login, "refusal": refusal, "note": note}
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
    return templates.TemplateResponse(request, "sign_in.html", context, status, headers)


def local(target: str) -> str:
    """An address within these pages, or the first page for anything else: a link must not lead from the sign-in elsewhere."""
    is_local = target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if is_local and target.isprintable() else "/"


app = App(
    FOLDER / "app.py",
    routes=[Route(SIGN_IN, ask), Route(SIGN_IN, answer, methods=["POST"]), Route(SIGN_OUT, leave)],
    middleware=[Middleware(SignInFirst)],
)
