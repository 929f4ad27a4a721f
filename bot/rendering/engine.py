"""Templates in, Block Kit messages, views and documents out."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import (
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
)
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from bot.rendering import grammar, inline, limits, markdown, tree, values
from bot.rendering.blocks import blocks
from bot.rendering.elements import Json, flag, text
from bot.rendering.errors import Fault, TemplateError

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
LONGEST = 4_000_000  # characters that a template may write, so that a loop run wild ends
_Built = TypeVar("_Built")
_MENTION = re.compile(r"<@([UW][A-Z0-9]{1,20})>")
_EMPTY_LINES = re.compile(r"\n{3,}")
_UNSAFE_FILTERS = ("safe", "urlize", "tojson", "xmlattr")


@dataclass(frozen=True)
class Message:
    """What goes to Slack: `text` is the notification and the fallback, `blocks` the message as seen."""

    text: str
    blocks: list[Json]


class Rendering:
    """Renders templates by name; the first directory that has a template wins, so a team's own come first.

    `names` gives the display name of a Slack user id, so that `<user>` can name a person without a ping;
    `home` is the address of the workspace, for links to messages.
    """

    def __init__(
        self,
        template_dirs: Sequence[Path] = (TEMPLATES,),
        names: Callable[[str], str | None] = lambda _person: None,
        home: Callable[[], str] = lambda: "https://slack.com/",
    ) -> None:
        self._messages = _environment(template_dirs, self._printed)
        self._documents = _environment(template_dirs, lambda value: markdown.escaped(self._printed(value)))
        self._documents.filters |= {
            "code": markdown.code,
            "paragraphs": markdown.paragraphs,
            "person": lambda person: names(person) or person,
        }
        self._texts = _environment(template_dirs, self._printed)
        self._texts.autoescape = False  # plain text has nothing that could be escaped
        for environment in (self._messages, self._documents, self._texts):
            environment.filters["permalink"] = lambda message: values.permalink(home(), message)
        self._names = names

    def message(self, name: str, /, **context: Any) -> Message:
        """The message of `messages/<name>.xml.j2`; TemplateError says what is wrong with a template."""
        return self._built(f"messages/{name}.xml.j2", ("message",), _message, context)

    def view(self, name: str, /, **context: Any) -> Json:
        """The modal or home view of `views/<name>.xml.j2`."""
        return self._built(f"views/{name}.xml.j2", ("view", "home"), _view, context)

    def document(self, name: str, /, **context: Any) -> str:
        """The Markdown of `<name>.md.j2`, looked for under postmortems/ and reports/ too."""
        places = [f"{folder}{name}.md.j2" for folder in ("", "postmortems/", "reports/")]
        return _rendered(self._documents, places, context).strip() + "\n"

    def text(self, name: str, /, **context: Any) -> str:
        """The plain text of `texts/<name>.txt.j2`, for places that know no formatting."""
        written = _rendered(self._texts, [f"texts/{name}.txt.j2"], context)
        return _EMPTY_LINES.sub("\n\n", written.replace(values.NEWLINE, "\n")).strip() + "\n"

    def html(self, name: str, /, **context: Any) -> str:
        """The same document as an HTML page of its own."""
        written = self.document(name, **context)
        shell = {"title": markdown.title(written), "body": markdown.page_body(written)}
        return _rendered(self._messages, ["pages/document.html.j2"], shell)

    def _printed(self, value: Any) -> str:
        """A value as text, in which `<@U…>` of our own sentences is a name and pings nobody."""
        if isinstance(value, Markup):
            return value
        return _MENTION.sub(lambda match: self._names(match[1]) or match[0], values.printed(value))

    def _built(
        self, path: str, roots: tuple[str, ...], build: Callable[[tree.Node], _Built], context: Json
    ) -> _Built:
        written = _rendered(self._messages, [path], context)
        try:
            root = tree.parse(written)
            grammar.check(root, roots)
            _name_people(root, self._names)
            return build(root)
        except Fault as fault:
            raise _template_error(path, fault, written) from fault


def _message(root: tree.Node) -> Message:
    said = inline.fit([inline.Run(" ".join(root.get("text").split()))], 3000)
    return Message(said or "–", limits.message_blocks(blocks(root)))


def _view(root: tree.Node) -> Json:
    named = {"callback_id": root.get("callback")} if root.get("callback") else {}
    kept = {"private_metadata": root.get("metadata")} if root.get("metadata") else {}
    if root.tag == "home":
        return limits.view({"type": "home", "blocks": blocks(root), **named, **kept})
    words = {part: text(root.get(part), 24) for part in ("submit", "close") if root.get(part)}
    words["title"] = text(root.get("title"), 24)
    told = {"notify_on_close": True} if flag(root, "notify-on-close") else {}
    return limits.view({"type": "modal", "blocks": blocks(root), **named, **kept, **told} | words)


def _name_people(root: tree.Node, names: Callable[[str], str | None]) -> None:
    for node in root.walk():
        for at, child in enumerate(node.children):
            if isinstance(child, tree.Node) and child.tag == "user" and not flag(child, "ping"):
                node.children[at] = _named(child, names)


def _named(person: tree.Node, names: Callable[[str], str | None]) -> tree.Node | str:
    name = names(person.get("id"))
    return values.clean(name) if name else person


def _environment(
    template_dirs: Sequence[Path], finalize: Callable[[Any], Any]
) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader([str(folder) for folder in template_dirs]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for name in _UNSAFE_FILTERS:  # each lets a value through without escape
        environment.filters.pop(name)
    environment.filters |= values.FILTERS
    return environment


def _rendered(environment: ImmutableSandboxedEnvironment, paths: list[str], context: Json) -> str:
    try:
        return _bounded(environment.select_template(paths), context)
    except TemplateNotFound as error:
        raise TemplateError(
            f"There is no template {paths[0]}.", "Looked in the template directories."
        ) from error
    except TemplateSyntaxError as error:
        raise TemplateError(f"{error.name} line {error.lineno}: {error.message}") from error
    except UndefinedError as error:
        hint = "Pass it to the template, or test it with `is defined`."
        raise TemplateError(f"{_where(error, paths[0])}: {error.message}.", hint) from error
    except (SecurityError, TypeError, ValueError, ArithmeticError) as error:
        raise TemplateError(f"{_where(error, paths[0])}: {error}.") from error


def _bounded(template: Template, context: Json) -> str:
    parts, size = [], 0
    for part in template.generate(context):
        size += len(part)
        if size > LONGEST:
            raise TemplateError(
                f"{template.name}: writes more than {LONGEST} characters.", "Is a loop too long?"
            )
        parts.append(part)
    return "".join(parts)


def _where(error: BaseException, path: str) -> str:
    line, found = 0, path
    trace = error.__traceback__
    while trace:
        file = trace.tb_frame.f_code.co_filename
        if file.endswith(".j2"):
            line, found = trace.tb_lineno, file
        trace = trace.tb_next
    return f"{'/'.join(Path(found).parts[-2:])} line {line}"


def _template_error(path: str, fault: Fault, written: str) -> TemplateError:
    lines = written.split("\n")  # as the parser counts them
    shown = f" It renders to: {lines[fault.line - 1].strip()[:120]}" if 0 < fault.line <= len(lines) else ""
    return TemplateError(f"{path}: {fault.said}.{shown}")
