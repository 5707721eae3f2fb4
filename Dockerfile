# syntax=docker/dockerfile:1
# The bot as a container: dependencies are installed in a stage of their own, pinned by hash; the image that runs has no
# compiler, no pip cache and no root. State lives in the volume /data only.

FROM python:3.11-slim AS dependencies
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.lock /build/requirements.lock
RUN /opt/venv/bin/pip install --require-hashes --only-binary=:all: -r /build/requirements.lock

FROM python:3.11-slim
RUN groupadd --gid 10001 easel \
    && useradd --uid 10001 --gid easel --no-create-home --home-dir /data --shell /usr/sbin/nologin easel \
    && install --directory --owner=easel --group=easel --mode=0750 /data
COPY --from=dependencies /opt/venv /opt/venv
COPY bot /app/bot
RUN /opt/venv/bin/python -m compileall -q /app/bot
# PYTHONSAFEPATH: the working directory is the volume, nothing may be imported from there.
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONSAFEPATH=1 \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATABASE_URL=sqlite:////data/easel.db \
    WORK_DIR=/data/easel-work \
    HTTP_HOST=0.0.0.0 \
    HTTP_PORT=8080
VOLUME /data
WORKDIR /data
USER 10001:10001
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import http.client, os, sys; c = http.client.HTTPConnection('127.0.0.1', int(os.environ['HTTP_PORT']), timeout=4); c.request('GET', '/health'); sys.exit(c.getresponse().status != 200)"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
