"""The command ``remix``: thin sub-commands, each of which loads what it needs when it is called."""

import io
import sys
from importlib.metadata import entry_points

import typer

from service.commands import (
    accounts,
    apikeys,
    assets,
    backup,
    decisions,
    demo,
    digest,
    events,
    frame,
    imports,
    maps,
    partners,
    privacy,
    project_monitoring,
    project_twins,
    projects,
    recommend,
    requests,
    reverse,
    serve,
    tags,
    why,
)
from service.language import either

app = typer.Typer(
    name="remix",
    help=either(
        "Fa incontrare i fabbisogni dei comuni con i bandi: con i motivi, e con ciò che va verificato.",
        "Matches what communes need with funding calls: with reasons, and with what is left to check.",
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
demo.register(app)
imports.register(app)
recommend.register(app)
reverse.register(app)
assets.register(app)
maps.register(app)
partners.register(app)
projects.register(app)
project_monitoring.register(projects.projects)
project_twins.register(projects.projects)
requests.register(app)
events.register(app)
serve.register(app)
accounts.register(app)
apikeys.register(app)
tags.register(app)
frame.register(app)
why.register(app)
backup.register(app)
privacy.register(app)
decisions.register(app)
digest.register(app)
# Commands of packages that the service may not import (evaluation, training) register themselves.
for plug_in in entry_points(group="remix.commands"):
    plug_in.load()(app)


def main() -> None:
    """Run the command line; an error that a person can mend is one line on stderr and exit code 2."""
    from corpora.errors import CorporaError
    from matcher.errors import MatcherError
    from service.errors import ServiceError

    for stream in (sys.stdout, sys.stderr):
        # A sign that the terminal's alphabet lacks is no reason to lose the answer.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        app()
    except (CorporaError, MatcherError, ServiceError, OSError) as error:
        typer.echo(f"remix: {error}", err=True)
        raise SystemExit(2) from error


if __name__ == "__main__":
    main()
