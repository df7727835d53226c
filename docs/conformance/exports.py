"""Sums time in status over exports by DuckDB and pandas, and holds them to the report of the hub.

Usage: exports.py FROM TO, with HUB and TOKEN in the environment.
"""

import gzip
import io
import os
import sys
import time
import urllib.parse
import urllib.request

import duckdb
import pandas

HUB, TOKEN = os.environ["HUB"], os.environ["TOKEN"]
FROM, TO = sys.argv[1:]
FORMS = {
    "parquet": "application/vnd.apache.parquet",
    "ndjson": "application/x-ndjson",
    "csv": "text/csv",
}
READERS = {"parquet": "read_parquet", "ndjson": "read_json", "csv": "read_csv"}


def get(path, accept, into=None):
    query = urllib.parse.urlencode({"from": FROM, "to": TO})
    headers = {"Authorization": f"Bearer {TOKEN}", "Accept": accept, "Accept-Encoding": "gzip"}
    began = time.monotonic()
    with urllib.request.urlopen(urllib.request.Request(f"{HUB}{path}?{query}", headers=headers)) as answer:
        body = answer.read()
        if answer.headers["Content-Encoding"] == "gzip":
            body = gzip.decompress(body)
    if into:
        with open(into, "wb") as file:
            file.write(body)
    return body, time.monotonic() - began


def sums(rows):
    """Milliseconds by agent and presence. What lasted no time has no sum."""
    return {(agent, presence, base): int(millis) for agent, presence, base, millis in rows if millis}


table, took = get("/api/v1/reports/time-in-status", "text/csv")
report = pandas.read_csv(io.BytesIO(table), keep_default_na=False)
keys = ["agentId", "presenceId", "basePresenceStatus"]
expected = sums(report[keys + ["durationMs"]].itertuples(index=False, name=None))
print(f"the hub's report: {len(expected)} sums, {sum(expected.values())} ms, in {took:.3f} s")

for form, accept in FORMS.items():
    file = f"history.{form}"
    body, took = get("/api/v1/history/export", accept, file)
    print(f"{form}: {len(body)} bytes in {took:.1f} s")

    began = time.monotonic()
    query = f"""SELECT agentId, presenceId, basePresenceStatus, sum(durationMs) FROM {READERS[form]}('{file}')
                GROUP BY ALL"""
    rows = duckdb.sql(query).fetchall()
    took = time.monotonic() - began
    assert sums(rows) == expected, f"DuckDB over {form}"
    # What is said of how long an interval lasted is what lies between its instants.
    odd = duckdb.sql(f"""SELECT count(*) FROM {READERS[form]}('{file}')
                         WHERE epoch_ms("end") - epoch_ms("start") <> durationMs""").fetchall()
    assert odd == [(0,)], odd
    print(f"{form}: DuckDB has the same sums, in {took:.3f} s")

    began = time.monotonic()
    if form == "parquet":
        frame = pandas.read_parquet(file)
    elif form == "ndjson":
        frame = pandas.read_json(file, lines=True, dtype={"agentId": str})
    else:
        frame = pandas.read_csv(file, keep_default_na=False)
    grouped = frame.groupby(keys)["durationMs"].sum()
    assert sums((*key, millis) for key, millis in grouped.items()) == expected, f"pandas over {form}"
    print(f"{form}: pandas has the same sums of {len(frame)} rows, in {time.monotonic() - began:.3f} s")
