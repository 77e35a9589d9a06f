"""The built front end: the console, the widget, the demo shop."""

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from core.errors import NotFound
from core.settings import settings

router = APIRouter(include_in_schema=False)

BUILT = Path(__file__).parent.parent / "web" / "dist"
_KEPT = {"cache-control": "public, max-age=31536000, immutable"}
_FRESH = {"cache-control": "no-cache"}
_NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>OneThread</title>
<h1>The front end is not built yet</h1>
<p>Run <code>make web</code> in the folder of OneThread, then load this page again.</p></html>"""


@router.get("/")
def home() -> RedirectResponse:
    return RedirectResponse("/console/")


@router.get("/console")
@router.get("/console/{path:path}")
def console(path: str = "") -> Response:
    """A file of the console; any other address is a screen that the console itself opens."""
    file = _inside(BUILT / "console", path)
    if file is not None:
        return FileResponse(file, headers=_KEPT if "/assets/" in f"/{path}" else _FRESH)
    if path.startswith("assets/"):
        raise NotFound("There is no such file. Load the page again.")
    return _page(BUILT / "console" / "index.html")


@router.get("/widget.js")
def widget_loader() -> Response:
    file = BUILT / "widget" / "widget.js"
    if not file.is_file():
        return Response("console.error('OneThread: run make web');", media_type="text/javascript")
    return FileResponse(
        file, media_type="text/javascript", headers={"cache-control": "public, max-age=300"}
    )


@router.get("/widget/assets/{path:path}")
def widget_asset(path: str) -> Response:
    file = _inside(BUILT / "widget" / "assets", path)
    if file is None:
        raise NotFound("There is no such file. Load the page again.")
    return FileResponse(file, headers=_KEPT)


@router.get("/widget/{inbox_id}")
def widget_page(inbox_id: str) -> Response:
    """The page inside the chat's frame; it learns its inbox from its own address."""
    return _page(BUILT / "widget" / "frame.html")


@router.get("/demo")
@router.get("/demo/{path:path}")
def demo(path: str = "") -> Response:
    if not settings().demo:
        raise NotFound("The demo shop is only there in a demo installation.")
    file = _inside(BUILT / "demo", path)
    return FileResponse(file, headers=_FRESH) if file else _page(BUILT / "demo" / "index.html")


def _page(file: Path) -> Response:
    if not file.is_file():
        return HTMLResponse(_NOT_BUILT, 503)
    return FileResponse(file, media_type="text/html", headers=_FRESH)


def _inside(folder: Path, path: str) -> Path | None:
    """The file at this path, if it is one and lies in the folder."""
    try:
        file = (folder / path).resolve()
        return file if file.is_file() and file.is_relative_to(folder.resolve()) else None
    except (OSError, ValueError):
        return None
