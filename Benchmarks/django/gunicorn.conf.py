"""How gunicorn serves the app: as many processes as the machine of the benchmark has cores, connections kept open."""

import os

wsgi_app = "orders.wsgi:application"
bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WORKERS", "2"))
# The sync class closes the connection after each answer, which would measure that.
worker_class = "gthread"
threads = int(os.environ.get("THREADS", "4"))
keepalive = 75
# Its own remote control, a socket in the home folder that two runs would share.
control_socket_disable = True
