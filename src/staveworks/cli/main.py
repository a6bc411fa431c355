"""The ``staveworks`` command. Each subcommand is loaded only when called, so that ``diagnose`` never waits for Django."""

import importlib
import sys

import click

COMMANDS = {
    "run": (
        "staveworks.cli.run",
        "run",
        "Start everything: database, web, worker. 启动全部：数据库、网页与后台。",
    ),
    "migrate": (
        "staveworks.cli.migrate",
        "migrate",
        "Bring the database schema up to date. 更新数据库结构。",
    ),
    "import-roster": ("staveworks.cli.import_roster", "import_roster", "Load lists of firms. 导入企业名册。"),
    "diagnose": (
        "staveworks.cli.diagnose",
        "diagnose",
        "Score answers, no database needed. 诊断，不需要数据库。",
    ),
    "verify": ("staveworks.cli.verify", "verify", "Check the event chain. 核验事件链。"),
    "demo": ("staveworks.cli.demo", "demo", "Make or remove the demo cluster. 建立或移除演示集群。"),
}

# Started by `run`, not by people.
HIDDEN = {
    "web": ("staveworks.cli.web", "web"),
    "worker": ("staveworks.cli.worker", "worker"),
}


class LazyGroup(click.Group):
    """A group whose commands are modules, imported on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS and name not in HIDDEN:
            return None
        module, attribute = COMMANDS[name][:2] if name in COMMANDS else HIDDEN[name]
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands 命令"):
            formatter.write_dl([(name, line) for name, (_, _, line) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="staveworks")
def main() -> None:
    """The operating system of a regional industry cluster.

    区域产业集群的操作系统。
    """


if __name__ == "__main__":
    sys.exit(main())
