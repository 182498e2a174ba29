"""Log lines for programs (JSON) or for people, each with the id of its request, none with what people wrote.

An error is logged as its kind and where it was raised: its message may quote a text, an address or a secret.
"""

import logging
import re
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO

import structlog
from structlog.typing import Processor

from service.settings import Settings

E_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_FRAMES = 30
_QUIET = ("uvicorn.access", "httpx2", "httpcore2", "alembic", "bm25s")
"""Loggers of which only warnings are kept: their lines hold whole addresses, or say what nobody asked."""


def configure_logs(settings: Settings, stream: TextIO | None = None) -> None:
    """Send every log line of this process to ``stream`` (standard error), in the format that the settings name."""
    as_json = (settings.log_format or ("json" if settings.mode == "production" else "text")) == "json"
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_formatter(as_json=as_json))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _formatter(*, as_json: bool) -> logging.Formatter:
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    shown: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=before,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, without_texts, without_e_mails, shown],
    )


def without_texts(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace an error by its kind, those that it came from, and the places where it passed."""
    # The server sends its lines a second time, for terminals.
    line.pop("color_message", None)
    info = line.pop("exc_info", None)
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        line["error"] = " < ".join(type(one).__name__ for one in _causes(error))
        frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
        line["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return line


def without_e_mails(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Replace e-mail addresses in whatever is about to be written."""
    return {name: E_MAIL.sub("(e-mail)", value) if isinstance(value, str) else value for name, value in line.items()}


def _causes(error: BaseException) -> list[BaseException]:
    found = [error]
    while (cause := found[-1].__cause__ or found[-1].__context__) is not None and cause not in found:
        found.append(cause)
    return found
