"""The command line: composition only."""

import typer

from cli import ask, backup, demo, doctor, eval, head, ingest, inspect, serve, setup, worker

app = typer.Typer(
    name="onethread",
    help="Every customer is one thread, whatever the channel.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

app.command("init")(setup.init)
app.command("serve")(serve.serve)
app.command("worker")(worker.worker)
app.command("doctor")(doctor.doctor)
app.command("ingest")(ingest.ingest)
app.command("ask")(ask.ask)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.command("eval")(eval.eval_command)
app.command("eval-intents")(eval.eval_intents_command)
app.add_typer(demo.app, name="demo")
app.add_typer(head.app, name="head")
app.add_typer(inspect.app, name="inspect")


if __name__ == "__main__":
    app()
