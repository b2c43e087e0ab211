"""What an office may set about registers."""

from linghang.kernel.parameters import declare

LARGE_IMPORT = "org.large_import"

declare(
    LARGE_IMPORT,
    "名册超过多少行，确认时要二次验证",
    200,
    unit="行",
    group="组织",
    help="确认和撤销都一样；小名册不打扰。",
)
