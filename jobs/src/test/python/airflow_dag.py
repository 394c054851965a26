"""Tests of jobs/airflow with a real Airflow: airflow_dag.py structure|gate|run DAG_FOLDER [CONFIG RUNS]."""

import copy
import datetime
import json
import sys

try:
    from airflow.dag_processing.dagbag import DagBag
except ImportError:
    from airflow.models.dagbag import DagBag


def main(mode, folder, *more):
    bag = DagBag(folder, include_examples=False)
    assert not bag.import_errors, bag.import_errors
    assert set(bag.dags) == {"noprop", "noprop_embeddings"}
    {"structure": structure, "gate": gate, "run": run}[mode](bag.dags, *more)
    print(mode, "is right")


def structure(dags):
    noprop, embeddings = dags["noprop"], dags["noprop_embeddings"]
    order = ["parts", "preprocess", "train_blocks", "train_baseline", "evaluate"]
    assert sorted(noprop.task_ids) == sorted(order)
    for task, after in {
        "parts": {"train_blocks"},
        "preprocess": {"train_blocks"},
        "train_blocks": {"train_baseline"},
        "train_baseline": {"evaluate"},
        "evaluate": set(),
    }.items():
        assert noprop.get_task(task).downstream_task_ids == after, task
    for dag in dags.values():
        assert not dag.catchup and dag.max_active_runs == 1 and dag.dagrun_timeout
        for task in dag.tasks:
            assert task.retries == 3 and task.retry_exponential_backoff, task
            if task.task_id != "parts":
                assert task.execution_timeout >= datetime.timedelta(hours=6), task
    assert "MappedOperator" in type(noprop.get_task("train_blocks")).__name__
    assert uris(noprop.get_task("evaluate").outlets) == ["noprop://model"]
    assert uris(embeddings.get_task("preprocess").outlets) == ["noprop://embeddings"]
    assert not noprop.get_task("preprocess").outlets
    condition = getattr(noprop.timetable, "asset_condition", None) or noprop.timetable.dataset_condition
    scheduled = condition.iter_assets() if hasattr(condition, "iter_assets") else condition.iter_datasets()
    assert uris(asset for _, asset in scheduled) == ["noprop://embeddings"]
    parameters(noprop)
    new_data(noprop)


def uris(assets):
    return [asset.uri.rstrip("/") for asset in assets]


def parameters(dag):
    from airflow.exceptions import ParamValidationError

    for name, wrong in {
        "config": "",
        "settings": ["training.epochs"],
        "run_id": "-x",
        "blocks": 0,
        "head": "yes",
    }.items():
        try:
            changed(dag, {name: wrong})
        except ParamValidationError:
            continue
        raise AssertionError(f"{name} takes {wrong!r}")
    changed(dag, {"blocks": 10, "run_id": "r.1", "settings": ["run.seed=2"]})


def changed(dag, values):
    params = copy.deepcopy(dag.params)
    params.update(values)
    params.validate()


def new_data(dag):
    """Whoever updated the embeddings says which they are."""
    module = sys.modules[type(dag.get_task("preprocess")).__module__]
    update = type("Update", (), {"extra": {"config": "new.conf", "embeddings": "/new", "settings": [], "run_id": "x"}})
    for name in "triggering_asset_events", "triggering_dataset_events":
        context = Context({"config": "old.conf", "embeddings": None, "settings": ["a=b"], "runs": None, "run_id": None})
        context[name] = {"noprop://embeddings": [update]}
        assert module.arguments("preprocess", "", context) == [
            "--config", "new.conf", "--resume", "--set", "data.embeddings=/new",
        ]


class Context(dict):
    """What an operator is given, as far as it asks."""

    def __init__(self, params):
        super().__init__(params=params, dag_run=type("DagRun", (), {"run_id": "manual__2025-01-01T00:00:00+00:00"}))


def gate(dags):
    """spark-submit on the PATH ends with the exit code that the preset is named after."""
    from airflow.exceptions import AirflowException, AirflowFailException

    for exit_code, final in {"3": True, "2": False, "1": False}.items():
        task = copy.copy(dags["noprop"].get_task("evaluate"))
        try:
            task.execute(Context({"config": exit_code, "settings": ["a.b=c d"], "runs": "/r"}))
        except AirflowFailException:
            assert final, exit_code
        except AirflowException:
            assert not final, exit_code
        else:
            raise AssertionError(exit_code)
        assert task.application_args == [
            "--config", exit_code, "--run-id", "manual__2025-01-01T00_00_00_00_00", "--resume",
            "--set", "a.b=c d", "--set", "run.dir=/r",
        ], task.application_args


def run(dags, config, runs):
    """The whole DAG on tiny digits, each block a task."""
    ended = dags["noprop"].test(run_conf={"config": config, "runs": runs, "run_id": "scheduled", "blocks": 2})
    tasks = sorted((task.task_id, task.map_index, str(task.state)) for task in ended.get_task_instances())
    print(json.dumps(tasks))
    assert all(state.endswith("success") for _, _, state in tasks), tasks
    assert [index for task, index, _ in tasks if task == "train_blocks"] == [0, 1, 2]


if __name__ == "__main__":
    main(*sys.argv[1:])
