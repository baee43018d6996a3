"""Each setting: its name in the environment, its default and one sentence; read once at the start."""

from __future__ import annotations

import ipaddress
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from core.fenced import Limits

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = ("127.0.0.1", "localhost", "::1")
WILDCARD = ("0.0.0.0", "::")
REFUSED = ("DASH_DEBUG", "DASH_MCP_ENABLED", "DASH_HOT_RELOAD", "FLASK_DEBUG")
SECRET_LENGTH = 32
HIGHEST_PORT = 65_535
FEWEST_THREADS, MOST_THREADS = 2, 4
ENGINES = ("duckdb", "spark")


class SettingsError(Exception):
    """The app must not start like this; the text is the one line that says why."""


def _setting(env: str, default: Any, sentence: str, shown: str = "") -> Any:
    return field(default=default, metadata={"env": env, "sentence": sentence, "shown": shown})


@dataclass(frozen=True)
class Allowance:
    """What one job may use: ``threads`` at the same time, ``memo_mb`` of disk for all fits that are kept, and ``most``
    that reading one file may take. ``engine`` aggregates order lines."""

    threads: int = 1
    memo_mb: int = 2048
    most: Limits = Limits()
    engine: str = "duckdb"


@dataclass(frozen=True)
class Settings:
    """All settings of one running app. Construct it directly in tests; :func:`read` reads the environment."""

    host: str = _setting("HOST", "127.0.0.1", "Address to listen on; other than loopback it needs a SECRET_KEY.")
    port: int = _setting("PORT", 8050, "Port to listen on.")
    data_dir: Path = _setting(
        "DATA_DIR", ROOT / "data" / ".store", "Directory of uploads, runs and caches; readable by its owner only.",
        "data/.store",
    )
    secret_key: str = _setting(
        "SECRET_KEY", "", "Signs session cookies, at least 32 characters; on loopback one is made and kept.",
        "made on loopback",
    )
    allow_anonymous: bool = _setting(
        "ALLOW_ANONYMOUS", False, "Set to 1 to serve others than this machine although there is no login."
    )
    allowed_hosts: tuple[str, ...] = _setting(
        "ALLOWED_HOSTS", (), "Further host names under which the app may be addressed, separated by commas.", "none"
    )
    https: bool = _setting("HTTPS", False, "Set to 1 behind a proxy that speaks HTTPS: cookies become Secure.")
    max_upload_mb: int = _setting("MAX_UPLOAD_MB", 500, "Largest file that can be uploaded, in megabytes.")
    quota_files: int = _setting("QUOTA_FILES", 100, "Files that one session may keep.")
    quota_mb: int = _setting("QUOTA_MB", 5000, "What the files of one session may take together, in megabytes.")
    read_mb: int = _setting("READ_MB", 4000, "Memory that reading one file may take, in megabytes.")
    read_seconds: int = _setting(
        "READ_SECONDS", 600, "Seconds that reading one file may take; a small file gets less: 5 and 20 for each megabyte."
    )
    min_free_mb: int = _setting("MIN_FREE_MB", 500, "Uploads stop when less disk than this is left, in megabytes.")
    job_slots: int = _setting(
        "JOB_SLOTS", os.cpu_count() or 1, "Jobs that may compute at the same time.", "number of cores"
    )
    job_threads: int = _setting(
        "JOB_THREADS", 0, "Fits that one job computes at the same time; no result depends on it.",
        "2 to 4, by cores and JOB_SLOTS",
    )
    memo_mb: int = _setting(
        "MEMO_MB", 2048, "Disk for fits that need not be computed twice, in megabytes; the oldest unused go first."
    )
    orders_engine: str = _setting(
        "ORDERS_ENGINE", "duckdb", "Aggregates order lines: `duckdb`, or `spark` for a local Spark session (`requirements-spark.txt`, Java 17)."
    )
    queue_per_session: int = _setting("QUEUE_PER_SESSION", 10, "Jobs that one session may have waiting or running.")
    redis_url: str = _setting(
        "REDIS_URL", "", "Redis for Celery workers; without it jobs run beside the web process.", "none"
    )
    tracking: bool = _setting(
        "TRACKING", True, "Set to 0 to tell MLflow nothing; runs finished meanwhile are told when it is 1 again.", "`1`"
    )
    tracking_uri: str = _setting(
        "MLFLOW_TRACKING_URI", "", "MLflow server that finished runs are told to.", "an SQLite file in DATA_DIR"
    )
    tracking_models: bool = _setting(
        "TRACKING_MODELS", False, "Set to 1 to send whole models to MLflow: they hold names of columns and up to 2,000 prepared customers."
    )
    session_days: int = _setting("SESSION_DAYS", 30, "Days after its last visit until a session and its data go.")
    threads: int = _setting("THREADS", 8, "Requests that one web process answers at the same time.")

    def __post_init__(self) -> None:
        object.__setattr__(self, "data_dir", Path(self.data_dir).resolve())
        whole = ("port", "max_upload_mb", "quota_files", "quota_mb", "read_mb", "read_seconds", "job_slots", "memo_mb",
                 "queue_per_session", "session_days", "threads")  # fmt: skip
        for name in whole:
            if getattr(self, name) < 1:
                raise SettingsError(f"{name.upper()} must be 1 or more, not {getattr(self, name)}.")
        if self.port > HIGHEST_PORT:
            raise SettingsError(f"PORT must be {HIGHEST_PORT} or less, not {self.port}.")
        if self.orders_engine not in ENGINES:
            raise SettingsError(f"ORDERS_ENGINE must be {' or '.join(ENGINES)}, not {self.orders_engine!r}.")
        for name in ("min_free_mb", "job_threads"):
            if getattr(self, name) < 0:
                raise SettingsError(f"{name.upper()} must be 0 or more, not {getattr(self, name)}.")

    @property
    def on_loopback(self) -> bool:
        return self.host in LOOPBACK

    @property
    def max_upload(self) -> int:
        """Bytes."""
        return self.max_upload_mb * 1_000_000

    @property
    def allowance(self) -> Allowance:
        """What each job may use."""
        cores = os.cpu_count() or 1
        found = min(cores, max(FEWEST_THREADS, min(MOST_THREADS, cores // self.job_slots)))
        most = Limits(self.read_mb * 1_000_000, self.read_seconds, self.read_seconds)
        return Allowance(self.job_threads or found, self.memo_mb, most, self.orders_engine)

    def knows_host(self, name: str) -> bool:
        """True when a request may name this host (no port). A wildcard address accepts any IP literal:
        DNS rebinding needs a name."""
        if name in LOOPBACK or name == self.host or name in self.allowed_hosts:
            return True
        return self.host in WILDCARD and _is_ip(name)

    def check(self) -> Settings:
        """Refuse combinations that would expose data; returns self."""
        if self.secret_key and len(self.secret_key) < SECRET_LENGTH:
            raise SettingsError(f"SECRET_KEY must have at least {SECRET_LENGTH} characters.")
        if not self.on_loopback and not self.secret_key:
            raise SettingsError(f"HOST={self.host} serves others than this machine: set SECRET_KEY.")
        if not self.on_loopback and not self.allow_anonymous:
            raise SettingsError(f"HOST={self.host} serves others and there is no login: set ALLOW_ANONYMOUS=1.")
        address = urlsplit(self.redis_url)
        if self.redis_url and address.scheme != "unix" and address.hostname not in LOOPBACK and not address.password:
            raise SettingsError("REDIS_URL names another machine without a password: give Redis a password.")
        return self

    def secret(self) -> str:
        """The signing key; on loopback one is made once and kept in a file only its owner can read."""
        if self.secret_key:
            return self.secret_key
        path = self.data_dir / "secret_key"
        if not path.exists():
            draft = self.data_dir / f"secret_key.{secrets.token_hex(8)}"
            draft.touch(mode=0o600, exist_ok=False)
            draft.write_text(secrets.token_urlsafe(48))
            try:  # a link fails when another worker was first: then its key holds
                os.link(draft, path)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return path.read_text()


def read(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings this environment asks for, checked; raises :class:`SettingsError`."""
    for name in REFUSED:
        if environ.get(name, "").lower() not in ("", "0", "false"):
            raise SettingsError(f"{name} widens what strangers can do here: unset it.")
    given = {
        item.name: _convert(item, environ[item.metadata["env"]])
        for item in fields(Settings)
        if environ.get(item.metadata["env"], "") != ""
    }
    return Settings(**given).check()


def table() -> str:
    """The settings as a Markdown table, for the README and the test that keeps it true."""
    lines = ["| Setting | Default | Meaning |", "| --- | --- | --- |"]
    for item in fields(Settings):
        shown = item.metadata["shown"] or _shown(item.default)
        lines.append(f"| `{item.metadata['env']}` | {shown} | {item.metadata['sentence']} |")
    return "\n".join(lines)


def prepare_data_dir(directory: Path) -> Path:
    """Make the directory (0700), or refuse one that others own or may write to."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    state = directory.stat()
    if state.st_uid != os.getuid():
        raise SettingsError(f"The data directory {directory} belongs to another user: choose another DATA_DIR.")
    if state.st_mode & 0o022:
        raise SettingsError(f"Others may write to the data directory {directory}: run chmod 700 on it.")
    if not os.access(directory, os.W_OK | os.X_OK):
        raise SettingsError(f"The data directory {directory} cannot be written to: make it writable.")
    directory.chmod(0o700)
    return directory


def _convert(item: Any, text: str) -> Any:
    if isinstance(item.default, bool):
        return text.lower() in ("1", "true", "yes")
    if isinstance(item.default, int):
        try:
            return int(text)
        except ValueError:
            raise SettingsError(f"{item.metadata['env']} must be a whole number, not {text!r}.") from None
    if isinstance(item.default, tuple):
        return tuple(name.strip().lower() for name in text.split(",") if name.strip())
    return type(item.default)(text) if not isinstance(item.default, Path) else Path(text)


def _shown(default: Any) -> str:
    return "`0`" if default is False else f"`{default}`"


def _is_ip(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
