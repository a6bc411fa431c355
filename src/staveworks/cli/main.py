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
    "restart": (
        "staveworks.cli.restart",
        "restart",
        "Load the program anew while it serves. 不停服务，重新装载程序。",
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
    "prescribe": (
        "staveworks.cli.prescribe",
        "prescribe",
        "What to buy within a budget, no database needed. 预算内买什么，不需要数据库。",
    ),
    "dispatch": (
        "staveworks.cli.dispatch",
        "dispatch",
        "Allocate orders over free capacity, no database needed. 把订单排到空闲产能，不需要数据库。",
    ),
    "verify": (
        "staveworks.cli.verify",
        "verify",
        "Check the event chain and the ledger. 核验事件链与账目。",
    ),
    "ledger": ("staveworks.cli.ledger", "ledger", "Take the books along as text. 导出账目。"),
    "doctor": (
        "staveworks.cli.doctor",
        "doctor",
        "What is wrong, and what to do. 检查问题并给出办法。",
    ),
    "backup": (
        "staveworks.cli.backup",
        "backup",
        "Keep database and files in one file. 备份数据库与文件。",
    ),
    "restore": (
        "staveworks.cli.restore",
        "restore",
        "Bring a backup back into an empty data folder. 把备份恢复到空的数据文件夹。",
    ),
    "read-bounce": (
        "staveworks.cli.read_bounce",
        "read_bounce",
        "Note a bounced e-mail, from standard input. 从标准输入读一封退信并记下。",
    ),
    "upgrade": (
        "staveworks.cli.upgrade",
        "upgrade",
        "Bring database and data up to this version, backup first. 升级数据，先备份。",
    ),
    "operator-link": (
        "staveworks.cli.operator_link",
        "operator_link",
        "The link by which the first person becomes the operator. 首位运营人员的一次性链接。",
    ),
    "person": (
        "staveworks.cli.person",
        "person",
        "Show or erase what is held about a person. 查看或注销一个人的数据。",
    ),
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

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            from staveworks.cli.usage import in_both_languages

            raise in_both_languages(error) from error

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
