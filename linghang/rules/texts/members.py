"""A member's education, dues and rights: R-JY-01 … 11, R-DF-01 … 06, R-DZ-01 … 04."""

from linghang.rules.clauses import Confidence, Level, Parameter, Rule, Strict
from linghang.rules.periods import Kind
from linghang.rules.texts.branch import every
from linghang.rules.texts.regulations import (
    CHARTER,
    DUES,
    DUES_CENTRAL,
    EDUCATION,
    TRAINING,
    TRAINING_2019,
)

_HIGH, _FAIR, _MEDIUM = Confidence.HIGH, Confidence.FAIR, Confidence.MEDIUM
_BLOCK, _WARN, _REMIND, _INFO = Level.BLOCK, Level.WARN, Level.REMIND, Level.INFO
_MIN, _MAX, _FIXED = Strict.MIN, Strict.MAX, Strict.FIXED

_LEADERS_HOURS = (
    Parameter("hours", "书记和班子成员年度学时", 56, _MIN),
    Parameter("courses", "每年集中培训次数", 1, _MIN),
    Parameter("induction_months", "新任书记任职培训月数", 6, _MAX),
)
_YOUNG_COURSES = (Parameter("courses", "集中培训次数", 1, _MIN),)

RULES: tuple[Rule, ...] = (
    EDUCATION.rule(
        "R-JY-01", "党员年度学时", "第二十条", _WARN, _HIGH, Parameter("hours", "年度学时", 32, _MIN)
    ),
    TRAINING_2019.rule("R-JY-02", "书记和班子成员培训", "培训要求", _WARN, _FAIR, *_LEADERS_HOURS),
    TRAINING.rule("R-JY-02", "书记和班子成员培训", "培训要求", _WARN, _FAIR, *_LEADERS_HOURS, version=2),
    TRAINING_2019.rule(
        "R-JY-03", "预备期和转正后一年内集中培训", "培训要求", _REMIND, _FAIR, *_YOUNG_COURSES
    ),
    TRAINING.rule(
        "R-JY-03", "预备期和转正后一年内集中培训", "培训要求", _REMIND, _FAIR, *_YOUNG_COURSES, version=2
    ),
    EDUCATION.rule(
        "R-JY-04",
        "外出党员转接组织关系",
        "第二十五条",
        _REMIND,
        _HIGH,
        Parameter("away_months", "应转组织关系的外出月数", 6, _MAX),
    ),
    EDUCATION.rule(
        "R-JY-05",
        "失去联系的党员",
        "第二十四条",
        _WARN,
        _HIGH,
        Parameter("lost_months", "停止党籍的失联月数", 6, _FIXED),
        Parameter("stopped_months", "停止党籍后除名的月数", 24, _FIXED),
        note="停止党籍、除名由组织决定，系统只提示",
    ),
    EDUCATION.rule(
        "R-JY-06",
        "出国（境）逾期未归",
        "第二十四条",
        _WARN,
        _HIGH,
        Parameter("abroad_months", "停止党籍的出国月数", 60, _FIXED),
    ),
    EDUCATION.rule(
        "R-JY-07", "限期改正", "第三十条", _BLOCK, _HIGH, Parameter("months", "限期改正月数", 12, _MAX)
    ),
    EDUCATION.rule(
        "R-JY-08",
        "连续不参加组织生活",
        "第三十一条",
        _WARN,
        _HIGH,
        Parameter("months", "按自行脱党除名的月数", 6, _FIXED),
        Parameter("early_months", "首次预警月数", 3, _MAX),
        Parameter("late_months", "再次预警月数", 5, _MAX),
        note="亦见党章第九条；无正当理由的才算，除名由组织决定",
    ),
    EDUCATION.rule(
        "R-JY-09",
        "联系流动和出国（境）党员",
        "第三十二条、第三十四条",
        _REMIND,
        _HIGH,
        *every(Kind.HALF),
        note="出国（境）学习研究的每半年至少联系一次",
    ),
    EDUCATION.rule("R-JY-10", "年老体弱党员不作硬性要求", "第二十三条", _INFO, _HIGH),
    EDUCATION.rule(
        "R-JY-11",
        "网上网下结合",
        "第三十五条至第三十八条",
        _INFO,
        _HIGH,
    ),
    DUES.rule(
        "R-DF-01",
        "在职党员党费",
        "第一条、第二条",
        _INFO,
        _HIGH,
        note="以每月工资收入中相对固定、经常性的部分（税后）为基数，全额同率，不累进",
    ),
    DUES.rule("R-DF-02", "离退休党员党费", "第五条", _INFO, _HIGH),
    DUES.rule("R-DF-03", "学生、下岗失业、低保党员党费", "第六条、第七条", _INFO, _HIGH),
    DUES.rule("R-DF-04", "预备党员交纳党费的起始", "第八条", _INFO, _HIGH),
    DUES_CENTRAL.rule(
        "R-DF-05",
        "补交党费",
        "第一条",
        _WARN,
        _MEDIUM,
        Parameter("months", "补交月数", 6, _MAX),
        note="中央和国家机关办法，医院参照",
    ),
    DUES_CENTRAL.rule("R-DF-06", "年初核定党费", "第二条", _INFO, _MEDIUM, note="年初核定，年内一般不变"),
    CHARTER.rule("R-DZ-01", "重要问题表决", "第十七条", _BLOCK, _FAIR),
    CHARTER.rule(
        "R-DZ-02",
        "基层组织任期",
        "第三十一条",
        _REMIND,
        _FAIR,
        Parameter("least_years", "任期最短年数", 3, _FIXED),
        Parameter("most_years", "任期最长年数", 5, _FIXED),
    ),
    CHARTER.rule(
        "R-DZ-03",
        "留党察看",
        "党的纪律章",
        _BLOCK,
        _FAIR,
        Parameter("most_months", "留党察看最长月数", 24, _FIXED),
    ),
    CHARTER.rule("R-DZ-04", "监督执纪四种形态", "第四十条", _INFO, _FAIR),
)
