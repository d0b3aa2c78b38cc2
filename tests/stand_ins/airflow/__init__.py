"""In Airflow's place, which is too large to install for one example: tests/test_examples.py puts it on the path."""
