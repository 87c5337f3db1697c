"""nbconvert for the report: every cell announced, and no clock values in what is saved."""

import json
import os


def announce(**event):
    print(json.dumps(event), flush=True)


def started(cell, cell_index):
    announce(cell=cell_index)
    with open(os.environ["NOTEBOOK_LOG"], "a", encoding="utf-8") as log:
        log.write(json.dumps({"cell": cell_index}) + "\n")


def failed(cell, cell_index, execute_reply):
    errors = [output for output in cell.outputs if output.output_type == "error"]
    name, value = (errors[-1].ename, errors[-1].evalue) if errors else ("", str(execute_reply["content"]))
    announce(cell=cell_index, error=value if value.startswith(name) else f"{name}: {value}")


c = get_config()  # noqa: F821, nbconvert defines it
c.Application.log_level = "ERROR"
c.ExecutePreprocessor.timeout = None
c.ExecutePreprocessor.startup_timeout = 120
c.ExecutePreprocessor.record_timing = False
c.ExecutePreprocessor.on_cell_start = started
c.ExecutePreprocessor.on_cell_error = failed
