"""NoProp's jobs on a schedule, for Airflow 3 and 2.11.

``noprop`` runs the four jobs, a task each; with the parameter ``blocks`` every block is a task of its own.
``noprop_embeddings`` runs ``preprocess`` alone and updates the asset that ``noprop`` is scheduled on, so that new data
retrains. README.md beside this file says how to set it up.
"""

from __future__ import annotations

import json
import os
import re
from datetime import datetime, timedelta
from pathlib import Path

try:
    from airflow.sdk import DAG, Asset, Param, task
except ImportError:  # Airflow 2.11
    from airflow import DAG
    from airflow.datasets import Dataset as Asset
    from airflow.decorators import task
    from airflow.models.param import Param

from airflow.exceptions import AirflowException, AirflowFailException
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator

HERE = Path(__file__).resolve().parent
HOME = Path(os.environ.get("NOPROP_HOME", HERE.parents[1]))
JAR = os.environ.get("NOPROP_JAR", str(HOME / "jobs" / "target" / "noprop-jobs.jar"))
CONFIG = os.environ.get("NOPROP_CONFIG", str(HOME / "conf" / "quickstart.conf"))
CONNECTION = os.environ.get("NOPROP_SPARK_CONNECTION", "spark_default")
PROPERTIES = os.environ.get("NOPROP_SPARK_PROPERTIES")
GPU_POOL = os.environ.get("NOPROP_GPU_POOL", "default_pool")

JOBS = json.loads((HERE / "noprop_jobs.json").read_text())
EMBEDDINGS = Asset("noprop://embeddings")
MODEL = Asset("noprop://model")
UNMET = 3

PARAMS = {
    "config": Param(CONFIG, type="string", minLength=1, description="The preset, a path on the workers."),
    "embeddings": Param(
        None, type=["null", "string"], description="Folder of the image embeddings. Empty: what the preset says."
    ),
    "settings": Param(
        [],
        type="array",
        items={"type": "string", "pattern": r"^[a-z0-9.-]+=.*$"},
        description="What overrides the preset, key=value each.",
    ),
}
RUN_PARAMS = PARAMS | {
    "runs": Param(None, type=["null", "string"], description="Folder of all runs. Empty: what the preset says."),
    "run_id": Param(
        None,
        type=["null", "string"],
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$",
        description="The run to make or to go on with. Empty: one named after the DAG run.",
    ),
    "blocks": Param(
        None,
        type=["null", "integer"],
        minimum=1,
        maximum=492,
        description="How many blocks the preset has, to train each in a task of its own. Empty: one task for all.",
    ),
    "head": Param(
        True,
        type="boolean",
        description="With blocks: whether the head is a task, too, as for discrete time and fixed label embeddings.",
    ),
}


class NoPropJob(SparkSubmitOperator):
    """A job of NoProp by spark-submit, in client mode.

    It always resumes, so that a retry goes on where the try before ended. An evaluation that is complete and misses
    what is required of it (exit code 3) is not tried again.
    """

    template_fields = (*SparkSubmitOperator.template_fields, "part")

    def __init__(self, *, command: str, part: str = "", **kwargs):
        super().__init__(
            application=JAR,
            java_class=JOBS[command]["class"],
            conn_id=CONNECTION,
            properties_file=PROPERTIES,
            name=f"noprop {command}",
            **kwargs,
        )
        self.command = command
        self.part = part

    def execute(self, context):
        self.application_args = arguments(self.command, self.part, context)
        try:
            super().execute(context)
        except AirflowException as failure:
            if re.search(rf"Error code is: {UNMET}\b", str(failure)):
                raise AirflowFailException("The evaluation misses what is required; the log says what") from failure
            raise
        tell(context, self.outlets)


def wishes(context) -> dict:
    """The parameters; those that whoever updated the embeddings had go before the defaults of a DAG run of that."""
    wishes = dict(context["params"])
    events = context.get("triggering_asset_events") or context.get("triggering_dataset_events") or {}
    for updates in events.values():
        for update in updates:
            wishes.update({key: value for key, value in (update.extra or {}).items() if key in PARAMS})
    return wishes


def run_id(context) -> str:
    """The run that all tasks of a DAG run work on, in every try."""
    return context["params"].get("run_id") or re.sub(r"[^A-Za-z0-9._-]+", "_", context["dag_run"].run_id)[:128]


def arguments(command: str, part: str, context) -> list[str]:
    """The options of a job."""
    wished = wishes(context)
    names = {"config": wished["config"], "run_id": run_id(context)}
    options = [argument.format_map(names) for argument in JOBS[command]["arguments"]]
    settings = list(wished["settings"])
    if wished.get("embeddings"):
        settings.append(f"data.embeddings={wished['embeddings']}")
    if wished.get("runs"):
        settings.append(f"run.dir={wished['runs']}")
    for setting in settings:
        options += ["--set", setting]
    return options + (["--blocks", part] if part else [])


def tell(context, outlets) -> None:
    """Says beside updated assets what they were made from."""
    for asset in outlets:
        extra = {key: value for key, value in wishes(context).items() if key in PARAMS}
        context["outlet_events"][asset].extra = extra | {"run_id": run_id(context)}


def options(command: str, **more) -> dict:
    job = JOBS[command]
    return {
        "task_id": command.replace("-", "_"),
        "command": command,
        "execution_timeout": timedelta(hours=job["hours"]),
        "pool": GPU_POOL if job["trains"] else "default_pool",
    } | more


@task
def parts(params: dict | None = None) -> list[str]:
    """What train-blocks trains in a task each: all, or every block, and the head."""
    if not params["blocks"]:
        return [""]
    return [str(block) for block in range(1, params["blocks"] + 1)] + (["head"] if params["head"] else [])


EVERY_DAG = {
    "start_date": datetime(2025, 1, 1),
    "catchup": False,
    "max_active_runs": 1,
    "dagrun_timeout": timedelta(days=5),
    "tags": ["noprop"],
    "doc_md": __doc__,
    "default_args": {
        "retries": 3,
        "retry_delay": timedelta(minutes=1),
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(minutes=30),
    },
}

with DAG("noprop", schedule=[EMBEDDINGS], params=RUN_PARAMS, **EVERY_DAG) as noprop:
    blocks = NoPropJob.partial(**options("train-blocks")).expand(part=parts())
    (
        NoPropJob(**options("preprocess"))
        >> blocks
        >> NoPropJob(**options("train-baseline"))
        >> NoPropJob(**options("evaluate", outlets=[MODEL]))
    )

with DAG("noprop_embeddings", schedule=None, params=PARAMS, **EVERY_DAG) as noprop_embeddings:
    NoPropJob(**options("preprocess", outlets=[EMBEDDINGS]))
