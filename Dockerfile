# The site, one Daphne. Settings come from the environment; README.md lists them.
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    DATA_DIR=/data \
    HOST=0.0.0.0 \
    PORT=8000

WORKDIR /app
COPY requirements/run.txt requirements/run.txt
RUN pip install --require-hashes -r requirements/run.txt \
    && useradd --system --uid 10001 --no-create-home site \
    && install --directory --owner=site /data
COPY . .

USER 10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
# In the place of a shell, so that SIGTERM reaches the site.
CMD ["python", "manage.py", "serve"]
