# One image for web, worker, beat and the migration step; docker-compose.yml says which command each one runs.

FROM python:3.13-slim AS packages
WORKDIR /app
COPY requirements.lock .
RUN python -m venv .venv \
    && .venv/bin/pip install --disable-pip-version-check --no-cache-dir --no-deps --require-hashes -r requirements.lock

FROM python:3.13-slim
ENV PATH="/app/.venv/bin:$PATH" \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    NETCRM_DATA=/app/var
WORKDIR /app
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin netcrm \
    && mkdir --parents /app/var/erased /app/var/meaning \
    && chown --recursive netcrm:netcrm /app/var
COPY --from=packages /app/.venv .venv
COPY . .
USER netcrm
# The key is only there to read the settings; no running process uses it.
RUN NETCRM_SECRET_KEY=build python manage.py prepare --static-only
EXPOSE 8000
CMD ["gunicorn", "--config", "python:netcrm.web", "--bind", "0.0.0.0:8000", "netcrm.wsgi"]
