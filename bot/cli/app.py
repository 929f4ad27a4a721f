"""What can be typed after `tocsin`; each command's own code is imported when it is asked for."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from bot import processor
from bot.cli import options
from bot.cli.telling import told
from ops_core.errors import Unavailable

app = typer.Typer(
    name="tocsin",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # rich costs 0.1 s and help is only text
    pretty_exceptions_enable=False,  # they print local variables, tokens among them
)

Config = Annotated[
    Path | None,
    typer.Option(
        help="The settings. Without it: tocsin.yml if there is one here, else the environment alone.",
        envvar="TOCSIN_CONFIG",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def main() -> None:
    """The console script."""
    app(prog_name="tocsin")


@contextmanager
def _importing() -> Iterator[None]:
    """Imports make no garbage, and looking for it costs 0.1 s; nor need anybody look at what they made."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version as version_of  # heavy: 0.05 s

        typer.echo(f"tocsin {version_of('tocsin')}")
        raise typer.Exit


@app.callback()
def tocsin(
    *,
    _version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """A Slack bot that walks teams through incidents of machine-learning models.

    New here? `tocsin demo` plays an incident on this machine, without Slack.

    For a real workspace: make a Slack app from `tocsin manifest`, put its two tokens into SLACK_BOT_TOKEN and
    SLACK_APP_TOKEN, let `tocsin doctor` look everything over, then `tocsin run`.
    """


@app.command()
def run(
    config: Config = None,
    *,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Log more; as TOCSIN_LOG_LEVEL=DEBUG.")
    ] = False,
) -> None:
    """Run the bot until it is interrupted or terminated.

    It logs “ready” when it is connected. Exit code 2: it could not start, and says why.
    """
    gc.disable()  # imports make no garbage, and looking for it costs 0.1 s; bot.cli.run enables it again
    with told():
        from bot.cli.run import run  # heavy: slack-bolt and SQLAlchemy, 0.6 s

        run(config, verbose=verbose)


@app.command()
def doctor(
    config: Config = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Look everything over, and say how to mend what is wrong.

    Tokens, scopes, channels, people, database, registry, data; nothing is changed.

    Exit code 0: all is well, 1: warnings, 2: something has failed.
    """
    with told():
        with _importing():
            from bot.cli.doctor import doctor  # heavy: slack-bolt and SQLAlchemy, 0.6 s

        raise typer.Exit(doctor(config, as_json=as_json))


@app.command()
def check(
    model: Annotated[str | None, typer.Argument(help="One model; all, if none is named.")] = None,
    config: Config = None,
    *,
    last: options.Last = None,
    last_24h: options.LastDay = False,
    last_7d: options.LastWeek = False,
    metrics: options.Metrics = None,
    thresholds: options.Limits = None,
    full_metrics: options.Performance = False,
    distribution_check: options.Distributions = False,
    drift_threshold: options.DriftThreshold = None,
    check_missing: options.Missing = False,
    check_balance: options.Balance = False,
    check_correlations: options.Correlations = False,
    check_bias: options.Bias = False,
    compare_to: options.Normal = None,
    all_features: options.AllFeatures = False,
    generate_report: options.Report = False,
    report_to: options.Folder = Path(),
    as_json: AsJson = False,
) -> None:
    """Judge the models' data now, without Slack.

    Exit code 0: ok, 1: a warning, 2: critical, or it could not be done, 3: nothing could be judged.
    """
    with told():
        processor.prepare()
        with _importing():
            from bot.cli.check import Wish, check  # heavy: numpy and pydantic, 0.4 s

        span = "24h" if last_24h else "7d" if last_7d else last
        asked = options.topics(
            full_metrics, distribution_check, check_missing, check_balance, check_correlations, check_bias
        )
        wish = Wish(span, metrics, thresholds, asked, drift_threshold, compare_to, all_features)
        raise typer.Exit(
            check(config, model, wish, as_json=as_json, report=report_to if generate_report else None)
        )


@app.command()
def alert(
    labels: Annotated[
        list[str], typer.Argument(metavar="NAME=VALUE…", help="Labels: which alert it is; - reads JSON.")
    ],
    config: Config = None,
    *,
    source: Annotated[
        str | None, typer.Option(help="The source of kind json, when there are several.")
    ] = None,
    severity: Annotated[str | None, typer.Option(help="P0 to P3, or a word.")] = None,
    summary: Annotated[str | None, typer.Option(help="What people read.")] = None,
    url: Annotated[str | None, typer.Option(help="Where to look.")] = None,
    lasts: Annotated[
        str | None, typer.Option("--for", metavar="SPAN", help="It ends by itself after 30m, 2h, …")
    ] = None,
    resolved: Annotated[bool, typer.Option("--resolved", help="It is over.")] = False,
) -> None:
    """Tell the running bot of an alert: `tocsin alert alertname=disk_full host=db1 --severity high`.

    The bot of this folder's settings, by its HTTP port and its source of kind json; or any bot, with
    TOCSIN_ALERT_URL (…/sources/<name>) and TOCSIN_ALERT_TOKEN.

    Exit code 0: it is on the bot's disk, 1: the bot did not answer, try again, 2: it was refused.
    """
    with told():
        with _importing():
            from bot.cli.alert import Words, alert  # heavy: httpx, 0.15 s

        words = Words(labels, severity, summary, url, lasts, resolved)
        raise typer.Exit(alert(config, source, words))


@app.command()
def stream(
    model: Annotated[str, typer.Argument(help="The model; - reads JSON.")],
    config: Config = None,
    *,
    errors: Annotated[int | None, typer.Option(help="How many answers were wrong …", min=0)] = None,
    of: Annotated[int | None, typer.Option(metavar="N", help="… of how many.", min=0)] = None,
    at: Annotated[str | None, typer.Option(metavar="TIME", help="When; now, if not said.")] = None,
    model_version: Annotated[str | None, typer.Option("--version", help="Which version answered.")] = None,
    key: Annotated[str | None, typer.Option(help="Of several with one key, one counts.")] = None,
    source: Annotated[
        str | None, typer.Option(help="The source of kind stream, when there are several.")
    ] = None,
) -> None:
    """Tell the running bot how a model does: `tocsin stream churn --errors 3 --of 40`.

    The bot of this folder's settings, by its HTTP port and its source of kind stream; or any bot, with
    TOCSIN_STREAM_URL (…/sources/<name>) and TOCSIN_STREAM_TOKEN.

    Exit code 0: it is on the bot's disk, 1: the bot did not answer, try again, 2: it was refused.
    """
    with told():
        with _importing():
            from bot.cli.stream import Counted, stream  # heavy: httpx, 0.15 s

        raise typer.Exit(stream(config, source, Counted(model, errors, of, at, model_version, key)))


@app.command()
def manifest(
    http: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="For HTTP mode: the public https address of the bot.", show_default=False
        ),
    ] = None,
) -> None:
    """Print the manifest of the Slack app.

    Paste it at api.slack.com/apps, “Create New App”, “From a manifest”.

    Without --http it is for Socket Mode, which needs no public address.
    """
    with told():
        from bot import manifest as source  # heavy: PyYAML, 0.02 s

        typer.echo((source.for_http(http) if http else source.text()).rstrip())


@app.command()
def demo(
    *,
    play: Annotated[
        bool, typer.Option("--play", help="Play the story by itself, print it, and stop.")
    ] = False,
    folder: Annotated[Path, typer.Option("--dir", help="Where the demo keeps its files.")] = Path(".demo"),
    port: Annotated[int, typer.Option(min=0, max=65535, help="Loopback port of the page.")] = 8710,
) -> None:
    """Play a model incident on this machine, without Slack.

    A local workspace, a registry, a model that goes wrong.

    Exit code 0: as it should be, 1: the story went differently, 2: it could not start.
    """
    with told():
        if find_spec("sklearn") is None:
            raise Unavailable("The demo needs scikit-learn.", hint="`make demo` installs it.")
        from bot.demo.command import demo  # only there when the demo's packages are

        raise typer.Exit(demo(play=play, folder=folder, port=port))
