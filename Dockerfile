# One server of Collab. With no COLLAB_DATABASE_URL it runs its own PostgreSQL, in the volume /data.

FROM python:3.13-slim AS build
RUN pip install --no-cache-dir uv \
    && apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev
WORKDIR /src
COPY pyproject.toml uv.lock hatch_build.py README.md LICENSE alembic.ini ./
COPY alembic alembic
COPY frontend frontend
COPY ot ot
COPY collab collab
# The versions of the lock file, and a wheel that carries the built page, the migrations, and `ot`
# compiled.
RUN uv export --frozen --no-dev --extra languages --extra otel --no-emit-project --output-file requirements.txt \
    && uv venv /app \
    && uv pip install --python /app --require-hashes --requirement requirements.txt \
    && COLLAB_COMPILE=1 uv build --wheel --out-dir dist \
    && uv pip install --python /app --no-deps dist/*.whl \
    && mv frontend/node_modules/@typescript/typescript-linux-* /typescript

FROM python:3.13-slim
RUN useradd --create-home --uid 10001 collab && install --directory --owner=collab /data
COPY --from=build /app /app
COPY --from=build /typescript /typescript
ENV PATH="/app/bin:$PATH" \
    COLLAB_COMPLETION_TSC=/typescript/lib/tsc \
    COLLAB_HOST=0.0.0.0 \
    COLLAB_DATA_DIR=/data \
    COLLAB_LOG_LEVEL=info \
    COLLAB_LOG_FORMAT=json
USER collab
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD \
    ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/ready', timeout=4)"]
CMD ["collab"]
