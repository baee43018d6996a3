"""How gunicorn serves the app: one process of several threads, and one job runner in it."""

from dashboard import settings as _settings

try:
    _here = _settings.read()
except _settings.SettingsError as _problem:
    raise SystemExit(f"Segment Atlas does not start: {_problem}") from None

wsgi_app = "dashboard.app:server"
bind = f"[{_here.host}]:{_here.port}" if ":" in _here.host else f"{_here.host}:{_here.port}"
worker_class = "dashboard.serving.PatientWorker"
workers = 1
threads = _here.threads
umask = 0o077
# no max_requests: a worker that is replaced would take its running jobs with it
timeout = 60
graceful_timeout = 5
keepalive = 15
accesslog = None
# its default lies in the home directory, and nobody here manages workers over it
control_socket_disable = True


def post_worker_init(worker):
    """After the fork, in the process that answers requests: threads do not survive a fork."""
    worker.wsgi.extensions["atlas"].jobs.start()


def worker_exit(server, worker):
    """Stop jobs by choice, so that nothing is left behind that nobody watches."""
    atlas = getattr(getattr(worker, "wsgi", None), "extensions", {}).get("atlas")
    if atlas is not None:
        atlas.jobs.stop()
