"""The pipeline of a data set, without Airflow: what its tasks do, in the cloud or on a laptop."""
