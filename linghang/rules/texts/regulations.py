"""The regulations cited by the rules, one line an edition."""

from datetime import date

from linghang.rules.clauses import Regulation

BRANCH = Regulation("《中国共产党支部工作条例（试行）》", "支部工作条例", date(2018, 10, 28))
ELECTION_1990 = Regulation(
    "《中国共产党基层组织选举工作暂行条例》", "基层组织选举工作暂行条例", date(1990, 6, 27), date(2020, 7, 12)
)
ELECTION = Regulation("《中国共产党基层组织选举工作条例》", "基层组织选举工作条例", date(2020, 7, 13))
TERMS = Regulation("《关于党的基层组织任期的意见》", "基层组织任期意见", date(2018, 7, 12))
DEVELOPMENT_2014 = Regulation(
    "《中国共产党发展党员工作细则》（2014年）",
    "发展党员工作细则（2014）",
    date(2014, 5, 28),
    date(2026, 5, 10),
)
DEVELOPMENT = Regulation(
    "《中国共产党发展党员工作细则》（2026年修订）", "发展党员工作细则（2026）", date(2026, 5, 11)
)
MAIN_DUTY = Regulation(
    "《党委（党组）落实全面从严治党主体责任规定》", "全面从严治党主体责任规定", date(2020, 3, 9)
)
STUDY_GROUP = Regulation(
    "《中国共产党党委（党组）理论学习中心组学习规则》", "中心组学习规则", date(2017, 1, 30)
)
IDEOLOGY = Regulation("《党委（党组）意识形态工作责任制实施办法》", "意识形态工作责任制", date(2015, 10, 3))
LEADERS_MEETING = Regulation(
    "《县以上党和国家机关党员领导干部民主生活会若干规定》", "民主生活会若干规定", date(2016, 12, 23)
)
APPRAISAL = Regulation(
    "《党委（党组）书记抓基层党建工作述职评议考核办法（试行）》", "书记述职评议考核办法", date(2019, 12, 29)
)
COUNTING = Regulation("党内选举应到会人数的计算（中央组织部早年答复）", "应到会人数答复", date(1990, 6, 27))
HOSPITAL = Regulation("医院议事规则（院内规定）", "医院议事规则", date(2018, 6, 25))
