"""manage.py blueprint check|plan|apply NAME"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from linghang.blueprints.loading import BlueprintProblem, apply, load


class Command(BaseCommand):
    help = "检查、预览或应用一家医院的蓝本"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["check", "plan", "apply"])
        parser.add_argument("name")

    def handle(self, *args: Any, what: str, name: str, **options: Any) -> None:
        try:
            found = load(name)
        except BlueprintProblem as problem:
            raise CommandError(f"蓝本“{name}”有 {len(problem.problems)} 处问题：\n{problem}") from problem
        if what == "check":
            total = sum(len(entries) for _, entries in found.sections)
            self.stdout.write(f"“{found.title}”：{total} 项，未发现问题")
            return
        for title, count in apply(found, dry=what == "plan").items():
            self.stdout.write(f"  {title}：{'将变动' if what == 'plan' else '变动'} {count} 项")
