"""What can be the case when keeping or bringing back."""

import errno

from staveworks.kit.errors import StaveworksError
from staveworks.kit.text import Text


class KeepingTrouble(StaveworksError):
    """A backup could not be made or read; nothing that was there before is changed."""

    text = Text(zh="备份出了问题。", en="There is a problem with the backup.")


class NotABackup(KeepingTrouble):
    text = Text(zh="这不是 Staveworks 的备份文件。", en="This is not a backup of Staveworks.")


class Damaged(KeepingTrouble):
    text = Text(
        zh="备份文件已损坏：{what}。请用另一份备份。",
        en="The backup is damaged: {what}. Take another one.",
    )


class BackupNewer(KeepingTrouble):
    text = Text(
        zh="备份来自更新的版本 {version}，当前程序是 {ours}。请先更新程序。",
        en="The backup is of the newer version {version}, this program is {ours}. Update the program first.",
    )


class KeyNeeded(KeepingTrouble):
    text = Text(
        zh="备份已加密，请用 --key-file 指定密钥文件。",
        en="The backup is encrypted: name the key by --key-file.",
    )


class WrongKey(KeepingTrouble):
    text = Text(zh="密钥不对，打不开这份备份。", en="The key is not the one that opens this backup.")


class BadKeyFile(KeepingTrouble):
    text = Text(
        zh="密钥文件 {path} 读不懂：{why}。可用 staveworks backup --new-key 文件名 新建。",
        en="The key file {path} can't be used: {why}. `staveworks backup --new-key FILE` makes one.",
    )


class HomeNotEmpty(KeepingTrouble):
    text = Text(
        zh="数据文件夹 {home} 不是空的，没有恢复任何东西。请换一个空文件夹（STAVEWORKS_HOME），或先移走里面的数据。",
        en="The data folder {home} is not empty, nothing was restored. Name an empty one by STAVEWORKS_HOME, or move what is in it away.",
    )


class DatabaseNotEmpty(KeepingTrouble):
    text = Text(
        zh="DATABASE_URL 的数据库里已有数据，没有恢复任何东西。请准备一个空的数据库。",
        en="The database of DATABASE_URL holds data, nothing was restored. Prepare an empty database.",
    )


class HalfRestored(KeepingTrouble):
    text = Text(
        zh="数据文件夹 {home} 的恢复没有完成。请再次运行 staveworks restore。",
        en="A restore into the data folder {home} did not finish. Run `staveworks restore` again.",
    )


class TargetExists(KeepingTrouble):
    text = Text(
        zh="{path} 已存在，备份不会覆盖它。", en="{path} exists already; a backup doesn't overwrite anything."
    )


class NoFolder(KeepingTrouble):
    text = Text(zh="没有这个文件夹：{path}。", en="There is no such folder: {path}.")


class NoSpace(KeepingTrouble):
    text = Text(
        zh="磁盘已满，写不下了（{path}）。原有数据没有变动。",
        en="No space left on the disk ({path}). Nothing that was there before is changed.",
    )


class AlreadyRunning(KeepingTrouble):
    text = Text(zh="另一个备份正在进行。", en="Another backup is running.")


class NoCrossRole(KeepingTrouble):
    text = Text(
        zh="备份需要 DATABASE_CROSS_URL：只有这个角色能读到所有单位的数据。",
        en="A backup needs DATABASE_CROSS_URL: only that role reads the rows of all organisations.",
    )


class NoOwnerRole(KeepingTrouble):
    text = Text(
        zh="恢复到外部数据库需要 DATABASE_OWNER_URL（表的所有者）。",
        en="Restoring into an external database needs DATABASE_OWNER_URL, the role that owns the tables.",
    )


class NoPrograms(KeepingTrouble):
    text = Text(
        zh="没有能连接 PostgreSQL {version} 的客户端程序（{why}）。请安装同版本或更新的 PostgreSQL 客户端，"
        "或用 STAVEWORKS_POSTGRESQL 指定其程序文件夹。",
        en="No client programs fit PostgreSQL {version} ({why}). Install those of the same or a newer version, or name "
        "their folder by STAVEWORKS_POSTGRESQL.",
    )


class ProgramFailed(KeepingTrouble):
    text = Text(zh="{program} 失败：{why}", en="{program} failed: {why}")


class NotVerified(KeepingTrouble):
    text = Text(
        zh="备份没有通过试恢复，已删除：{why}",
        en="The backup did not pass the trial restore and was deleted: {why}",
    )


def no_space(error: OSError, path: object) -> KeepingTrouble | None:
    """The trouble behind an error of the operating system, if it is a full disk, quota or file size limit."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return NoSpace(NoSpace.text.format(path=path))
    return None
