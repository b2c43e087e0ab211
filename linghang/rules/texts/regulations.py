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
EDUCATION = Regulation("《中国共产党党员教育管理工作条例》", "党员教育管理工作条例", date(2019, 5, 6))
TRAINING_2019 = Regulation(
    "《2019—2023年全国党员教育培训工作规划》",
    "党员教育培训规划（2019—2023）",
    date(2019, 11, 11),
    date(2023, 12, 31),
)
TRAINING = Regulation(
    "《全国党员教育培训工作规划（2024—2028年）》", "党员教育培训规划（2024—2028）", date(2024, 1, 1)
)
DUES = Regulation("《关于中国共产党党费收缴、使用和管理的规定》", "党费规定", date(2008, 2, 4))
DUES_CENTRAL = Regulation(
    "《中央和国家机关党费收缴、使用和管理办法》（参照）", "党费办法（参照）", date(2021, 1, 1)
)
CHARTER = Regulation("《中国共产党章程》", "党章", date(2022, 10, 22))
HOSPITAL_PARTY = Regulation("《关于加强公立医院党的建设工作的意见》", "公立医院党建意见", date(2018, 6, 25))
ACCREDITATION = Regulation("《三级医院评审标准（2022年版）》", "三级医院评审标准", date(2022, 12, 6))
LEADERS_2017 = Regulation("《公立医院领导人员管理暂行办法》", "公立医院领导人员管理办法", date(2017, 1, 15))
LEADERS = Regulation("《事业单位领导人员管理规定》", "事业单位领导人员管理规定", date(2022, 1, 14))
ETHICS = Regulation(
    "《关于建立医务人员医德考评制度的指导意见（试行）》", "医德考评指导意见", date(2007, 12, 7)
)
PHYSICIANS = Regulation("《中华人民共和国医师法》", "医师法", date(2022, 3, 1))
DISCIPLINE_2015 = Regulation(
    "《中国共产党纪律处分条例》（2015年）", "纪律处分条例（2015）", date(2016, 1, 1), date(2018, 9, 30)
)
DISCIPLINE_2018 = Regulation(
    "《中国共产党纪律处分条例》（2018年）", "纪律处分条例（2018）", date(2018, 10, 1), date(2023, 12, 31)
)
DISCIPLINE = Regulation("《中国共产党纪律处分条例》", "纪律处分条例", date(2024, 1, 1))
PUBLIC_OFFICIALS = Regulation("《中华人民共和国公职人员政务处分法》", "政务处分法", date(2020, 7, 1))
SUPERVISION = Regulation("《中华人民共和国监察法》", "监察法", date(2018, 3, 20))
INSTITUTION_STAFF = Regulation("《事业单位工作人员处分规定》", "事业单位工作人员处分规定", date(2023, 11, 6))
RISK_GUIDE = Regulation("权力廉洁风险防控指导文件（参照）", "廉洁风险防控指导", date(2018, 6, 25))
INTEGRITY = Regulation("医院清廉建设规定（院内规定）", "医院清廉建设规定", date(2018, 6, 25))
COMPLAINTS = Regulation("《医疗机构投诉管理办法》", "医疗机构投诉管理办法", date(2019, 4, 10))
DISPUTES = Regulation("《医疗纠纷预防和处理条例》", "医疗纠纷条例", date(2018, 10, 1))
HOTLINE = Regulation("地方12345热线条例（参照）", "地方热线条例", date(2018, 6, 25))
PETITIONS = Regulation("《信访工作条例》", "信访工作条例", date(2022, 5, 1))
INSPECTION_WORK = Regulation("《中国共产党巡视工作条例》", "巡视工作条例", date(2024, 2, 8))
