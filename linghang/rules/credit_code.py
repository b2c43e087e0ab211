"""统一社会信用代码: eighteen places of which the last is reckoned from the others (GB 32100-2015 第 4 条、附录 A)."""

PLACES = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V and Z, which are read as others
LENGTH = 18


def check_character(body: str) -> str:
    """The eighteenth place for the seventeen before it. Raises ValueError for a character that is none of a code."""
    total = sum(PLACES.index(character) * pow(3, place, 31) for place, character in enumerate(body))
    return PLACES[-total % 31]


def credit_code_fault(code: str) -> str:
    """What is wrong with a code, in Chinese; empty where it is sound."""
    if len(code) != LENGTH:
        return f"统一社会信用代码是 {LENGTH} 位，这里是 {len(code)} 位"
    if strange := "".join(sorted(set(code) - set(PLACES))):
        return f"统一社会信用代码只用数字和大写字母（不含 I、O、S、V、Z），这里有“{strange}”"
    if check_character(code[:-1]) != code[-1]:
        return "统一社会信用代码的校验位不符，请按证书核对"
    return ""
