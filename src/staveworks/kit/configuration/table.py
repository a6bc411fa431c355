"""Every setting, in the order of the reference. A new one is added here, read by ``NAME.read()``, and never from ``os.environ``.

After a change: ``python -m staveworks.config.reference > docs/reference/configuration.md`` (a test compares the two).
"""

from pathlib import Path
from typing import Any

from staveworks.kit.configuration.kinds import (
    DATABASE,
    FLAG,
    FOLDER,
    LIST,
    NETWORKS,
    ORIGIN,
    ORIGINS,
    SMTP,
    TEXT,
    Networks,
    choice,
    secret,
    whole,
)
from staveworks.kit.configuration.setting import FILE_VARIABLE, Setting
from staveworks.kit.configuration.sign_in import SIGN_INS, SignIn
from staveworks.kit.text import Text

HOME = Setting[Path | None](
    "STAVEWORKS_HOME",
    FOLDER,
    None,
    Text(zh="数据文件夹：数据库、上传的文件、密钥", en="the data folder: database, uploaded files, keys"),
    Text(
        zh="`$XDG_DATA_HOME/staveworks`，否则 `~/.local/share/staveworks`",
        en="`$XDG_DATA_HOME/staveworks`, else `~/.local/share/staveworks`",
    ),
    only_environment=True,
)
CONFIG = Setting[Path | None](
    FILE_VARIABLE,
    FOLDER,
    None,
    Text(
        zh="TOML 配置文件；同名环境变量优先",
        en="a TOML file with settings; a variable of the environment comes before it",
    ),
    only_environment=True,
)
DATABASE_URL = Setting[str | None](
    "DATABASE_URL",
    DATABASE,
    None,
    Text(
        zh="以应用角色连接 PostgreSQL：网页、接口、后台、命令",
        en="PostgreSQL as the role of the application: web, API, worker, commands",
    ),
    Text(zh="内置数据库", en="the embedded server"),
    secret=True,
)
DATABASE_OWNER_URL = Setting[str | None](
    "DATABASE_OWNER_URL",
    DATABASE,
    None,
    Text(
        zh="以表的所有者连接，只有 `migrate` 需要", en="as the owner of the tables; only `migrate` needs it"
    ),
    Text(zh="不更新外部数据库的结构", en="no migration of an external database"),
    secret=True,
    only_environment=True,
)
DATABASE_CROSS_URL = Setting[str | None](
    "DATABASE_CROSS_URL",
    DATABASE,
    None,
    Text(
        zh="以能看到各单位数据的角色连接：列明的后台任务与运营方的查询",
        en="as the role that sees all organisations' rows; listed jobs and the operator's queries",
    ),
    Text(
        zh="内置数据库自带；外部数据库则这些任务不能运行",
        en="the embedded server's own; with an external database those jobs fail",
    ),
    secret=True,
)
DATA = Setting[Path | None](
    "STAVEWORKS_DATA",
    FOLDER,
    None,
    Text(
        zh="本集群自己的数据文件（桶板、量表、目标画像），同名文件优先于自带的",
        en="a folder of the cluster's own data files (planks, rubrics, target profiles); a file there comes before the shipped one of the same name",
    ),
    Text(zh="自带的", en="the shipped ones"),
)
POSTGRESQL = Setting[Path | None](
    "STAVEWORKS_POSTGRESQL",
    FOLDER,
    None,
    Text(
        zh="PostgreSQL（15 及以上）程序所在的文件夹，用于内置数据库与备份，如 `/usr/lib/postgresql/17/bin`",
        en="folder of PostgreSQL's programs (15 or newer) for the embedded server and for backups, such as `/usr/lib/postgresql/17/bin`",
    ),
    Text(zh="随程序安装的", en="those that come with the program"),
)
BACKUPS = Setting[Path | None](
    "STAVEWORKS_BACKUPS",
    FOLDER,
    None,
    Text(
        zh="定时备份放在哪里；最好是另一块磁盘",
        en="where the timed backups go; better another disk than the data's",
    ),
    Text(zh="数据文件夹里的 `backups`", en="`backups` in the data folder"),
)
BACKUP_KEY_FILE = Setting[Path | None](
    "STAVEWORKS_BACKUP_KEY_FILE",
    FOLDER,
    None,
    Text(zh="备份用的 age 密钥文件", en="a file with the age key by which backups are encrypted"),
    Text(zh="备份不加密", en="backups are not encrypted"),
)
BACKUP_HOUR = Setting[int](
    "STAVEWORKS_BACKUP_HOUR",
    whole(0, 23),
    2,
    Text(
        zh="每天几点之后做定时备份（中国时间）；那时没开机就在下次启动后补做",
        en="the hour after which the day's backup is made (China's time); missed ones are made after the next start",
    ),
)
BACKUP_DAILY = Setting[int](
    "STAVEWORKS_BACKUP_DAILY",
    whole(0, 400),
    7,
    Text(
        zh="保留最近几天的定时备份；0 表示不做定时备份",
        en="days of which a timed backup is kept; 0: none is made",
    ),
)
BACKUP_WEEKLY = Setting[int](
    "STAVEWORKS_BACKUP_WEEKLY",
    whole(0, 520),
    5,
    Text(zh="另外保留最近几周各一份", en="weeks of which one is kept besides"),
)
HOSTS = Setting[tuple[str, ...]](
    "STAVEWORKS_HOSTS",
    LIST,
    ("localhost", "127.0.0.1", "[::1]"),
    Text(zh="访问本站用的域名", en="names under which it is reached"),
)
HTTPS = Setting[bool](
    "STAVEWORKS_HTTPS",
    FLAG,
    False,
    Text(
        zh="前面有 TLS：安全 cookie、HSTS、跳转到 HTTPS",
        en="it stands behind TLS: secure cookies, HSTS, redirects",
    ),
)
TRUSTED_ORIGINS = Setting[tuple[str, ...]](
    "STAVEWORKS_ORIGINS",
    ORIGINS,
    (),
    Text(zh="还信任哪些来源提交的表单", en="other origins whose forms are trusted"),
    Text(zh="只信任本站", en="its own only"),
)
PROXIES = Setting[Networks](
    "STAVEWORKS_PROXIES",
    NETWORKS,
    NETWORKS.parse("127.0.0.1,::1"),
    Text(
        zh="信任哪些代理送来的 X-Forwarded-For、X-Forwarded-Proto 和 X-Request-ID",
        en="proxies whose X-Forwarded-For, X-Forwarded-Proto and X-Request-ID are believed",
    ),
)
LOGS = Setting[str](
    "STAVEWORKS_LOGS",
    choice("text", "json"),
    "text",
    Text(
        zh="日志写成给人读的文字，还是每行一个 JSON（含每次请求）",
        en="the log as text for people, or as one JSON object a line, every request included",
    ),
)
RAY_ADDRESS = Setting[str](
    "RAY_ADDRESS",
    TEXT,
    "",
    Text(
        zh="Ray 集群的地址：派单的各独立市场在集群上求解（需安装 `staveworks[ray]`，见 docs/how-to/dispatch-on-more-machines.md）",
        en="address of a Ray cluster, on which the markets of a dispatch are solved (with `staveworks[ray]`, "
        "see docs/how-to/dispatch-on-more-machines.md)",
    ),
    Text(zh="在本机的多个进程里求解", en="in processes of this machine"),
    only_environment=True,
)
METRICS_TOKEN = Setting[str | None](
    "STAVEWORKS_METRICS_TOKEN",
    secret(16),
    None,
    Text(
        zh="Prometheus 读取 /metrics 用的令牌（Authorization: Bearer …）",
        en="the token with which Prometheus reads /metrics (Authorization: Bearer …)",
    ),
    Text(zh="没有 /metrics 这个地址", en="there is no /metrics"),
    secret=True,
)
SIGN_IN = Setting[tuple[SignIn, ...]](
    "STAVEWORKS_SIGN_IN",
    SIGN_INS,
    (),
    Text(
        zh="还可以从哪里登录：OIDC、SAML、LDAP、企业微信、钉钉（见 docs/how-to/sign-in.md）",
        en="where else people may sign in from: OIDC, SAML, LDAP, WeCom, DingTalk (see docs/how-to/sign-in.md)",
    ),
    Text(zh="只用手机号和邮箱", en="phone and e-mail only"),
    secret=True,
)
SESSION_IDLE_HOURS = Setting[int](
    "STAVEWORKS_SESSION_IDLE_HOURS",
    whole(1, 24 * 90),
    72,
    Text(zh="多少小时不用就要重新登录", en="hours without use after which one signs in again"),
)
SESSION_DAYS = Setting[int](
    "STAVEWORKS_SESSION_DAYS",
    whole(1, 90),
    14,
    Text(zh="登录最多保持多少天，无论用不用", en="days that a sign-in lasts at most, however busy"),
)
UPLOAD_MB = Setting[int](
    "STAVEWORKS_UPLOAD_MB",
    whole(1, 1000),
    55,
    Text(
        zh="一次请求最多多少 MB（名册最多 50 MB）",
        en="megabytes of one request at most (a roster may have 50)",
    ),
)
SECRET_KEY = Setting[str | None](
    "STAVEWORKS_SECRET_KEY",
    secret(32),
    None,
    Text(zh="签名会话与链接的密钥", en="signs sessions and links"),
    Text(zh="数据文件夹里随机生成的一把", en="a random one in the data folder"),
    secret=True,
)
API_LIMIT_ADDRESS = Setting[int](
    "STAVEWORKS_API_LIMIT_ADDRESS",
    whole(1, 1_000_000),
    1200,
    Text(zh="每个地址每分钟的接口请求数", en="API requests a minute from one address"),
)
API_LIMIT_TOKEN = Setting[int](
    "STAVEWORKS_API_LIMIT_TOKEN",
    whole(1, 1_000_000),
    600,
    Text(zh="每个令牌每分钟的接口请求数", en="API requests a minute with one token"),
)
NODE = Setting[str](
    "STAVEWORKS_NODE",
    TEXT,
    "cloud",
    Text(zh="本节点在事件链里的名字", en="this node's name in the event chain"),
)
DEBUG = Setting[bool](
    "STAVEWORKS_DEBUG",
    FLAG,
    False,
    Text(
        zh="在浏览器里显示出错细节，正式使用时绝不要开",
        en="tracebacks in the browser; never in production",
    ),
)
PUBLIC_URL = Setting[str](
    "STAVEWORKS_URL",
    ORIGIN,
    "http://localhost:8000",
    Text(
        zh="本站对外的地址，消息里的链接以它开头",
        en="the address under which people reach it; links in messages begin with it",
    ),
)
SMTP_URL = Setting[str | None](
    "STAVEWORKS_SMTP_URL",
    SMTP,
    None,
    Text(
        zh="发邮件的服务器：`smtps://用户:密码@主机:465`（TLS）或 `smtp://…:587`（STARTTLS）",
        en="the server that sends e-mail: `smtps://user:password@host:465` (TLS) or `smtp://…:587` (STARTTLS)",
    ),
    Text(
        zh="用页面上接通的；都没有则留在本机收件箱",
        en="the one connected on the page; without either the local sink",
    ),
    secret=True,
)
MAIL_FROM = Setting[str](
    "STAVEWORKS_MAIL_FROM",
    TEXT,
    "staveworks@localhost.localdomain",
    Text(zh="用上面这台服务器时的发件地址", en="the sender’s address with that server"),
)
PROVIDER_NETWORKS = Setting[Networks](
    "STAVEWORKS_PROVIDER_NETWORKS",
    NETWORKS,
    (),
    Text(
        zh="公网之外，还允许把消息发往哪些网段里的服务器（如内网的邮件中继）",
        en="networks beside the public Internet in which messages’ providers may stand, such as an internal mail relay",
    ),
)
SCANNER = Setting[str | None](
    "STAVEWORKS_SCANNER",
    TEXT,
    None,
    Text(
        zh="查毒程序 clamd 的地址：套接字文件，或 `主机:端口`",
        en="where clamd, the malware scanner, listens: a socket file, or `host:port`",
    ),
    Text(zh="不查毒，文件标明“未查毒”", en="nothing is scanned, and files say so"),
)
SCANNER_DOWN = Setting[str](
    "STAVEWORKS_SCANNER_DOWN",
    choice("refuse", "wait"),
    "refuse",
    Text(
        zh="查毒程序不应答时：`refuse` 不收文件，`wait` 收下但查过才能打开",
        en="when the scanner doesn't answer: `refuse` takes no file, `wait` takes it and opens it once it is scanned",
    ),
)
MESSAGE_LEASE_S = Setting[int](
    "STAVEWORKS_MESSAGE_LEASE",
    whole(3, 3600),
    180,
    Text(
        zh="取走待发消息的后台进程有多少秒时间发出，超时视为已中断；测试用短的",
        en="seconds a worker has to send messages it has claimed, after which it counts as dead; a short one for tests",
    ),
)
IMPORT_CHUNK = Setting[int](
    "STAVEWORKS_IMPORT_CHUNK",
    whole(1, 100_000),
    500,
    Text(
        zh="导入时每个事务的行数，例如测试中途停下时用小的",
        en="rows per transaction of an import; small ones for a test that stops it midway",
    ),
)
CHROMIUM = Setting[str | None](
    "STAVEWORKS_CHROMIUM",
    TEXT,
    None,
    Text(zh="浏览器测试用的浏览器", en="the browser of the browser tests"),
    Text(zh="`chromium-headless-shell`，没有则 `chromium`", en="`chromium-headless-shell`, else `chromium`"),
    only_environment=True,
)
PYTHON = Setting[str | None](
    "STAVEWORKS_PYTHON",
    TEXT,
    None,
    Text(zh="`make setup` 用哪个 Python 建 `.venv`", en="the Python for `.venv`, for `make setup`"),
    Text(zh="自动寻找", en="looked for"),
    only_environment=True,
)
TEST_BINARIES = Setting[str | None](
    "STAVEWORKS_TEST_BINARIES",
    TEXT,
    None,
    Text(
        zh="测试用的另一套 PostgreSQL（15 及以上）程序，如 `/usr/lib/postgresql/15/bin`",
        en="programs of another PostgreSQL ≥15 for the tests, such as `/usr/lib/postgresql/15/bin`",
    ),
    Text(zh="内置数据库的", en="the embedded server's"),
    only_environment=True,
)

SECTIONS: dict[Text, tuple[Setting[Any], ...]] = {
    Text(zh="数据与数据库", en="Data and database"): (
        HOME,
        CONFIG,
        DATABASE_URL,
        DATABASE_OWNER_URL,
        DATABASE_CROSS_URL,
        DATA,
        NODE,
        POSTGRESQL,
    ),
    Text(zh="备份", en="Backups"): (BACKUPS, BACKUP_KEY_FILE, BACKUP_HOUR, BACKUP_DAILY, BACKUP_WEEKLY),
    Text(zh="网页与接口", en="Web and API"): (
        HOSTS,
        HTTPS,
        TRUSTED_ORIGINS,
        PROXIES,
        SECRET_KEY,
        SIGN_IN,
        SESSION_IDLE_HOURS,
        SESSION_DAYS,
        UPLOAD_MB,
        API_LIMIT_ADDRESS,
        API_LIMIT_TOKEN,
    ),
    Text(zh="运行", en="Running"): (LOGS, METRICS_TOKEN, RAY_ADDRESS),
    Text(zh="消息", en="Messages"): (PUBLIC_URL, SMTP_URL, MAIL_FROM, PROVIDER_NETWORKS),
    Text(zh="文件", en="Files"): (SCANNER, SCANNER_DOWN),
    Text(zh="开发", en="Development"): (
        DEBUG,
        PYTHON,
        CHROMIUM,
        TEST_BINARIES,
        IMPORT_CHUNK,
        MESSAGE_LEASE_S,
    ),
}
"""Section of the reference → its settings."""
