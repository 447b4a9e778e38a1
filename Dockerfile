# The site, one Daphne. Settings come from the environment; README.md lists them.
# The base is held by its digest, which is that of python:3.13.15-slim; docs/OPERATIONS.md tells how to take a newer one.
ARG PYTHON_IMAGE=python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b

FROM ${PYTHON_IMAGE} AS build
COPY requirements/run.txt /run.txt
RUN python -m venv --without-pip /venv \
    && python -m pip --python /venv/bin/python install --no-cache-dir --require-hashes -r /run.txt
COPY . /app
# The site cannot write beside its sources, so what Python compiles them to is made here. It is not compared with them.
RUN python -m compileall -q --invalidation-mode unchecked-hash /app

FROM ${PYTHON_IMAGE}
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data \
    HOST=0.0.0.0 \
    PORT=8000
RUN useradd --system --uid 10001 --no-create-home site \
    && install --directory --owner=site /data
COPY --from=build /venv /venv
COPY --from=build /app /app

WORKDIR /app
USER 10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["python", "-m", "lessonsite.health_check"]
# In the place of a shell, so that SIGTERM reaches the site.
CMD ["python", "manage.py", "serve"]
