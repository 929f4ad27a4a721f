"""`python -m bot.workspace`: the local workspace as a process of its own."""

import argparse
import asyncio
from pathlib import Path

import yaml

from bot.workspace.core import DEFAULT_CHANNELS, Workspace
from bot.workspace.people import default_people, read_people
from bot.workspace.running import listen, server_of


def main() -> None:
    """Serve a workspace until interrupted."""
    options = _parser().parse_args()
    manifest = yaml.safe_load(options.manifest.read_text(encoding="utf-8"))
    people = read_people(options.people) if options.people else default_people()
    try:
        workspace = Workspace(manifest, people, options.channels, bot_channels=options.bot_channels)
    except ValueError as error:
        raise SystemExit(f"{options.manifest}: {error}") from None
    try:
        listener = listen(options.port)
    except OSError as error:
        raise SystemExit(f"port {options.port} cannot be used: {error}; try another with --port") from None
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)  # noqa: T201 - the address is the output
    asyncio.run(server_of(workspace).serve(sockets=[listener]))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot.workspace", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="loopback port; 0 takes a free one and prints it")
    parser.add_argument("--manifest", type=Path, default=Path("manifest.yml"), help="the app's manifest")
    parser.add_argument("--people", type=Path, help="YAML list of {name, real_name, title, email}")
    parser.add_argument(
        "--channels", nargs="*", default=DEFAULT_CHANNELS, help="public channels to begin with"
    )
    parser.add_argument("--bot-channels", nargs="*", default=(), help="those that the bot is invited to")
    return parser


if __name__ == "__main__":
    main()
