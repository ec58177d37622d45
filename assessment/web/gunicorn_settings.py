"""How gunicorn serves the site: ``gunicorn -c python:assessment.web.gunicorn_settings app:app``.

Put a proxy with TLS in front; it reaches the site at ``bind``, and PROXIES counts it.
"""

from pathlib import Path

bind = "127.0.0.1:8000"
# Processes for CPU, threads for what waits; each process keeps a pool of database connections.
workers = 2
threads = 8
worker_class = "assessment.web.gunicorn_worker.BufferingWorker"
worker_connections = 1000
keepalive = 5
# A worker that stops answering its master is replaced; one told to end finishes its requests.
timeout = 60
graceful_timeout = 10
# Processes are replaced one by one before anything they hold on to grows.
max_requests = 5000
max_requests_jitter = 500
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190
# No header sets the address or the scheme of a request but those that PROXIES counts. Gunicorn
# would take SCRIPT_NAME, PATH_INFO and X-Forwarded-Proto from whoever connects on this machine.
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}
# Workers show that they are alive by touching a file: in memory, so that no disk holds them up.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
# Two installations of one user would share it.
control_socket_disable = True
loglevel = "warning"
