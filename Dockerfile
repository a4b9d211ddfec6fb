# The registry's server. The first stage installs from the lock, the second holds only what runs.
FROM python:3.11-slim-bookworm AS install

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /srv/consent-registry
RUN python -m venv /srv/venv
COPY requirements-server.lock ./
# Wheels alone: nothing is compiled, so neither stage needs a compiler.
RUN /srv/venv/bin/pip install --only-binary=:all: --require-hashes -r requirements-server.lock
COPY pyproject.toml LICENSE alembic.ini ./
COPY migrations ./migrations
COPY app ./app
RUN /srv/venv/bin/pip install --no-deps --no-build-isolation --editable . \
 && /srv/venv/bin/python -m compileall -q app migrations \
 && /srv/venv/bin/pip uninstall --yes flit_core setuptools pip

FROM python:3.11-slim-bookworm

LABEL org.opencontainers.image.title="consent-registry" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --system --gid 10001 registry \
 && useradd --system --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin registry \
 && install -d -o registry -g registry -m 0700 /srv/consent-registry/var
COPY --from=install /srv/venv /srv/venv
COPY --from=install /srv/consent-registry /srv/consent-registry
ENV PATH=/srv/venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
WORKDIR /srv/consent-registry
# The database, unless it is PostgreSQL, and the keys.
VOLUME ["/srv/consent-registry/var"]
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
# Inside a container the published port decides who may reach it.
CMD ["consent-registry", "serve", "--host", "0.0.0.0", "--port", "8000"]
