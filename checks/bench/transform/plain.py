"""Runs the SQL that dbt compiled, without dbt: the models as tables in the schema `plain`, period by period."""

import json
import pathlib
import sys

import duckdb

warehouse, compiled, periods, settings = sys.argv[1], pathlib.Path(sys.argv[2]), *map(json.loads, sys.argv[3:5])
connection = duckdb.connect(warehouse, config=settings)
connection.execute("drop schema if exists plain cascade; create schema plain")
for model in ["dim_zones", "fact_fhv_trips", "fact_trips", "trips_left_out", "dm_monthly_zone_revenue", "trips_per_day"]:
    sql = (compiled / f"{model}.sql").read_text()
    by_period = ":period:" in sql
    connection.execute("begin")
    empty = sql.replace("= date ':period:'", "is null")
    connection.execute(f"create table plain.{model} as {empty}")
    for period in periods if by_period else []:
        connection.execute(f"insert into plain.{model} by name {sql.replace(':period:', period)}")
    connection.execute("commit")
