"""Reading a business card, a chat signature or a registry text: plain rules, nothing is guessed.

Labelled values come first (电话：, Tel, 法定代表人), then what shows itself (numbers with their
check digits, addresses that begin with a region, legal forms, job titles), then names.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from guanxi.kernel import regions
from guanxi.kernel.codes import CodeError, check_credit_code
from guanxi.kernel.phones import LANDLINE, MOBILE, SERVICE, Phone, read_phone
from guanxi.kernel.pinyin import table

LONGEST = 5000

#: Field -> the words that stand before its value.
_LABELS = {
    "company": "公司名称 单位名称 企业名称 工作单位 公司全称 公司 单位 企业 名称 Company Organization",
    "name": "姓名 联系人 联络人 业务联系人 收件人 Name Contact",
    "job": "职位 职务 岗位 职称 Title Position",
    "department": "所属部门 部门 Department Dept",
    "phone": "手机号码 手机号 手机 移动电话 联系电话 联系方式 咨询电话 公司电话 办公电话 电话号码 电话 "
    "座机 固话 直线 总机 热线 Mobile Cell Cellphone Telephone Phone Tel Direct Mob M T P",
    "email": "电子邮箱 电子邮件 企业邮箱 邮箱 邮件 E-mail Email Mail E",
    "wechat": "微信号 微信 WeChat Weixin VX WX V信 加V",
    "qq": "QQ号 QQ",
    "website": "公司网址 网址 官网 网站 官方网站 Website Web URL W",
    "address": "注册地址 公司地址 办公地址 通讯地址 联系地址 企业地址 收件地址 地址 住所 经营场所 "
    "Address Addr Add A",
    "credit_code": "统一社会信用代码 社会信用代码 信用代码 纳税人识别号 税号",
    "legal_person": "法定代表人 法人代表 法人 经营者 执行事务合伙人 投资人 负责人",
    "capital": "注册资本 注册资金",
    "founded_on": "成立日期 成立时间 注册日期 注册时间",
    "state": "登记状态 经营状态 企业状态",
    "": "传真号码 传真 邮政编码 邮编 经营范围 营业期限 经营期限 登记机关 企业类型 公司类型 类型 核准日期 "
    "实缴资本 组织机构代码 工商注册号 注册号 所属行业 行业 所属地区 参保人数 人员规模 曾用名 英文名称 英文名 "
    "开户银行 开户行 银行账号 账号 备注 Fax F Postcode Zip 主营 业务范围 纳税人资质",
}
_FIELD_OF = {word.lower(): name for name, words in _LABELS.items() for word in words.split()}
_WORDS = "|".join(sorted(map(re.escape, _FIELD_OF), key=len, reverse=True))
_LABEL = re.compile(
    rf"(?P<word>{_WORDS})(?:\s*(?:\([^)]*\)|/[A-Za-z]+))?\s*(?P<colon>[:是]\s*|(?=\s)\s+|$)", re.I
)
_INLINE = re.compile(rf"(?<=[\s,;。|/])(?=(?:{_WORDS})\s*[:是])", re.I)
_CELLS = re.compile(r"\n|\t|\||｜| {2,}|\u3000+|[;；]|(?<=\D)·(?=\s)|\s/\s|\s-\s")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_SITE = re.compile(r"(?:https?://|www\.)[A-Za-z0-9.-]+\.[A-Za-z]{2,}(?:/[^\s,;]*)?", re.I)
_CODE = re.compile(
    r"(?<![0-9A-Za-z])[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Za-z])", re.I
)
_NUMBER = re.compile(
    r"(?<![\d.])(?:\+\d{1,3}[\s-]?)?(?:\(\+?\d{2,4}\)[\s-]?)?\d[\d\s-]{5,16}\d"
    r"(?:\s*(?:转|ext\.?|分机|x)\s*\d{1,6})?(?![\d.])",
    re.I,
)
_FORM = re.compile(
    r"[\w()（）&·.\- ]{2,60}?(?:有限责任公司|股份有限公司|有限公司|集团公司|分公司|公司|集团|研究院|研究所|"
    r"事务所|设计院|合作社|经营部|商行|工作室|加工厂|制造厂|机械厂|厂|医院|大学|学院|银行|协会|酒店)"
    r"(?:[\w]{2,12}分公司)?"
)
_LATIN_FORM = re.compile(
    r"^[A-Z][\w&.,'’()\- ]{1,70}?\b(?:Co\.?,? ?Ltd\.?|Limited|Ltd\.?|Inc\.?|LLC|GmbH|AG|Corp(?:oration|\.)?"
    r"|Pte\.? Ltd\.?|S\.?A\.?|B\.?V\.?|Group|Company)(?![\w])\.?"
)
_JOB = re.compile(
    r"[\w/&]{0,12}?(?:董事长|总经理|副总裁|总裁|副总经理|总监|经理|主管|主任|部长|科长|处长|院长|厂长|所长|"
    r"店长|组长|课长|工程师|设计师|分析师|会计师|律师|教授|顾问|专员|助理|秘书|代表|采购员|销售员|业务员|"
    r"合伙人|创始人|负责人|会计|出纳|采购|销售|董事|技术员|研究员)(?:助理)?"
)
_JOB_BEGINS = re.compile(
    r"董事|总|副总|经理|主管|主任|工程师|专员|助理|代表|销售|采购|业务|会计|律师"
)
_RANK = re.compile(
    r"高级|资深|首席|常务|执行|副|项目|技术|市场|财务|行政|人事|生产|产品|运营|客服|区域|大区|华"
)
_LATIN_JOB = re.compile(
    r"\b(?:Manager|Director|Engineer|President|Officer|CEO|CTO|CFO|COO|Head|Lead|Supervisor|Buyer|"
    r"Consultant|Executive|Representative|Assistant|Partner|Founder|Chairman|Purchaser|Specialist|VP)\b"
)
_DEPARTMENT = re.compile(r"^[\w]{2,10}(?:部|中心|事业部|处|科|办公室)$")
_LATIN_DEPARTMENT = re.compile(r"^(?:[A-Z]\w+ ){1,3}(?:Department|Dept\.?|Division)$")
_STREET = re.compile(r"(?:路|街|道|巷|弄|村|镇|园区?|区|大厦|广场|号楼?|栋|幢|室|层|楼)\w{0,12}")
_LATIN_STREET = re.compile(
    r"\b(?:Road|Rd|Street|St|Avenue|Ave|District|Building|Floor|Lane|Blvd|Park)\b\.?", re.I
)
_LATIN_NAME = re.compile(
    r"^(?:(?:Mr|Ms|Mrs|Dr)\.? )?[A-ZÀ-Þ][^\W\d_A-Z][\w'’-]*(?: [A-ZÀ-Þ][\w.'’-]*){1,2}$"
)
_TITLE_WORDS = re.compile(r"(先生|女士|小姐|老师|总|工|经理|博士)$")
_DAY = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})")
_AMOUNT = re.compile(r"([\d,]+(?:\.\d+)?)\s*(亿|万)?")
_GREETING = re.compile(
    r"^(?:(?:您好|你好|大家好|hi|hello|我是|这是我的名片|名片|以下是|-+|=+)[,:! ]*)+", re.I
)
#: 王  伟: a name set wide apart on a line of its own.
_WIDE = re.compile(r"^\s*[\u4e00-\u9fff](?:[ \t]+[\u4e00-\u9fff]){1,3}\s*$", re.M)
#: Invoices name both in one cell.
_PLACE_AND_PHONE = re.compile(r"地址[、,及和/ ]*电话(?=\s*:)")
_EXTENSION = re.compile(r"^(.*\d)-(\d{2,5})$")
#: 苏州恒泰包装的采购孙丽
_OF = re.compile(r"^(?P<company>\w{4,30})的(?P<rest>\w{3,16})$")
#: What follows an address in a sentence.
_PLACE = re.compile(r"[\d路街道巷村镇区厦楼室座]")
#: No job is as long as that; a sentence is.
LONGEST_JOB = 16


@dataclass
class Card:
    """What was recognised; empty where nothing was.

    phones: as typed, with `kind` mobile, landline or 400; capital: a decimal in CNY as text;
    founded_on: ISO date; region: its code; address: what follows the region.
    """

    company: str = ""
    name: str = ""
    job: str = ""
    department: str = ""
    phones: list[Phone] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    wechat: str = ""
    qq: str = ""
    website: str = ""
    address: str = ""
    region: str = ""
    credit_code: str = ""
    legal_person: str = ""
    capital: str = ""
    founded_on: str = ""
    state: str = ""


def read_card(text: str) -> Card:
    """Everything recognised in a pasted text of up to LONGEST characters; never raises."""
    card = Card()
    rest = []
    for name, value in _labelled(_clean(text)):
        left = _take_labelled(card, name, value) if name is not None else value
        if left:
            rest.append(left)
    for piece in [_take_signs(card, one) for one in rest]:
        for word in piece.split("  "):
            _take_words(card, word.strip(" ,/()-:"))
    return card


def _clean(text: str) -> str:
    plain = unicodedata.normalize(
        "NFKC", text[:LONGEST].replace("\r", "\n").replace("\u3000", "  ")
    )
    plain = plain.replace("：", ":").replace("，", ",")
    plain = "".join(sign for sign in plain if sign in "\n\t" or sign.isprintable())
    # Little pictures stand where others write a label.
    plain = "".join(" " if _is_picture(sign) else sign for sign in plain)
    plain = _WIDE.sub(lambda found: re.sub(r"[ \t]", "", found[0]), plain)
    return _PLACE_AND_PHONE.sub("地址", plain)


def _is_picture(sign: str) -> bool:
    return unicodedata.category(sign) in ("So", "Sk") or sign == "\ufe0f"


def _labelled(text: str) -> Iterator[tuple[str | None, str]]:
    """(field, value) of each piece; None for one without a label, "" for a label of no use."""
    pending: str | None = None
    for line in text.split("\n"):
        for cell in _CELLS.split(_INLINE.sub("\n", line)):
            piece = _GREETING.sub("", cell.strip(" ,、。•*#【】[]")).strip()
            if not piece:
                continue
            label = _LABEL.match(piece)
            name = _FIELD_OF[label["word"].lower()] if label else None
            value = piece[label.end() :].strip() if label else piece
            if label and not _means(label, value):
                label, name, value = None, None, piece
            if label and not value:
                pending = name
            elif label:
                yield name, value
                pending = None
            elif pending is not None:
                yield pending, piece
                pending = None
            else:
                yield None, piece


def _means(label: re.Match[str], value: str) -> bool:
    """A single letter or a word without a colon is a label only before what fits it."""
    if label["colon"].strip() in (":", "是"):
        return True
    name, word = _FIELD_OF[label["word"].lower()], label["word"]
    if not value:
        return len(word) > 1 and not word.isascii()
    if name == "phone":
        return value[:1] in "+(" or value[:1].isdigit()
    if name == "email":
        return "@" in value
    if name in ("wechat", "qq"):
        return value.isascii()
    return len(word) > 2 and not word.isascii()


def _take_labelled(card: Card, name: str, value: str) -> str:
    """Keeps a labelled value; returns what is left to be looked at without its label."""
    if name in ("phone", "email", "website", "credit_code"):
        return value
    if name == "address":
        _put_address(card, _take_signs(card, value))
    elif name == "capital":
        card.capital = card.capital or _amount(value)
    elif name == "founded_on":
        card.founded_on = card.founded_on or _day(value)
    elif name == "wechat" and "同" in value:
        card.wechat = "="
    elif name == "name":
        return value
    elif name in ("company", "legal_person", "job", "department", "wechat", "qq", "state"):
        kept = value.split(" ")[0] if name in ("wechat", "qq", "legal_person") else value
        setattr(card, name, getattr(card, name) or kept[:120])
    return ""


def _take_signs(card: Card, text: str) -> str:
    """Takes codes, addresses of mail and web, and numbers out of a piece; returns the rest."""
    text = _take_code(card, text)
    for found in _EMAIL.findall(text):
        if found.lower() not in map(str.lower, card.emails):
            card.emails.append(found)
        text = text.replace(found, "  ")
    for found in _SITE.findall(text):
        card.website = card.website or found
        text = text.replace(found, "  ")
    for found in _NUMBER.findall(text):
        for one in _numbers(found):
            if all(one.digits != known.digits for known in card.phones):
                card.phones.append(one)
            text = text.replace(found, "  ")
    if "微信同" in text:
        card.wechat = card.wechat or "="
        text = re.sub(r"\(?微信同号?步?\)?", " ", text)
    if card.wechat == "=" and card.phones:
        card.wechat = next((p.digits for p in card.phones if p.kind == MOBILE), "")
    return text.strip(" ,/()-:")


def _take_code(card: Card, text: str) -> str:
    for found in _CODE.findall(text):
        try:
            card.credit_code = card.credit_code or check_credit_code(found)
        except CodeError:
            continue
        text = text.replace(found, "  ")
    return text


def _numbers(text: str) -> Iterator[Phone]:
    """The phones of a run of digits; several that stand side by side are taken apart."""
    whole = read_phone(text.strip())
    extended = _EXTENSION.match(text.strip())
    if not whole.is_valid and extended:
        whole = read_phone(f"{extended[1]}转{extended[2]}")
    parts = [whole] if whole.is_valid else [read_phone(one) for one in re.split(r"\s+|,", text)]
    for phone in parts:
        if phone.kind in (MOBILE, LANDLINE, SERVICE) or (phone.is_valid and phone.typed[:1] == "+"):
            yield phone


def _take_words(card: Card, text: str) -> None:
    """Company, address, job and name of a piece without a label."""
    if not text:
        return
    if _put_company(card, text) or _is_address(card, text):
        return
    if _DEPARTMENT.match(text) or _LATIN_DEPARTMENT.match(text):
        card.department = card.department or text
        return
    if all(sign < "\u0250" for sign in text):
        _take_latin(card, text)
        return
    for word in re.split(r"[\s,/]+", text):
        _take_chinese(card, word)


def _put_company(card: Card, text: str) -> bool:
    found = _FORM.match(text) if not text.isascii() else _LATIN_FORM.match(text)
    if not found or len(found[0]) < 4:
        return False
    card.company = card.company or found[0].strip()
    rest = text[found.end() :].strip(" ,-")
    if rest:
        _take_words(card, rest)
    return True


def _is_address(card: Card, text: str) -> bool:
    code, rest = regions.read_region(text) if not text.isascii() else ("", text)
    if code and _STREET.search(rest):
        _put_address(card, text)
        return True
    if not code and re.search(r"\d+号|路\d+|\d+(?:室|楼|层)", text):
        _put_address(card, text)
        return True
    if text.isascii() and _LATIN_STREET.search(text) and any(sign.isdigit() for sign in text):
        _put_address(card, text)
        return True
    return False


def _put_address(card: Card, text: str) -> None:
    if card.address:
        return
    plain = re.sub(r"\s*\(?邮编:?\s*\d{6}\)?|\s+\d{6}$", "", text).strip(" ,")
    head, _comma, tail = plain.partition(",")
    if not plain.isascii() and tail and not _PLACE.search(tail):
        plain = head.strip()
    code, rest = regions.read_region(plain)
    card.region = code if regions.level_of(code or "0") > 1 or (code and rest) else ""
    card.address = (rest if card.region else plain).strip()[:200]


def _take_latin(card: Card, text: str) -> None:
    if _LATIN_JOB.search(text):
        head, _sep, tail = text.partition(",")
        if tail and _LATIN_NAME.match(head.strip()):
            card.name, text = card.name or head.strip(), tail.strip()
        card.job = card.job or text[:50]
    elif _LATIN_NAME.match(text):
        card.name = card.name or re.sub(r"^(?:Mr|Ms|Mrs|Dr)\.? ", "", text)


def _take_chinese(card: Card, word: str) -> None:
    word = word.strip("()")
    of = _OF.match(word)
    if of and _JOB.match(of["rest"]) and not card.company:
        card.company, word = of["company"], of["rest"]
        found = _JOB.match(word)
        if found and _is_name(word[found.end() :]):
            card.job, word = card.job or found[0], word[found.end() :]
    job = _JOB.search(word)
    title = _TITLE_WORDS.search(word)
    bare = _TITLE_WORDS.sub("", word)
    if _is_name(word) and not job:
        card.name = card.name or word
    elif title and _is_name(bare) and not job:
        card.name = card.name or bare
    elif title and len(bare) == 1 and bare in _SURNAMES:
        # 赵总: more is not known, and better than nothing.
        card.name = card.name or word
    elif job:
        # 张伟总经理: a name runs into the title without a blank.
        for cut in () if _RANK.match(word) else (2, 3):
            if _is_name(word[:cut]) and (_JOB_BEGINS.match(word, cut) or _RANK.match(word, cut)):
                card.name, word = card.name or word[:cut], word[cut:]
                break
        card.job = card.job or (word if len(word) <= LONGEST_JOB else "")


def _is_name(text: str) -> bool:
    """A surname and one or two characters, or a double surname; foreign names with a point."""
    if re.fullmatch(r"[一-鿿]{2,6}·[一-鿿]{2,8}", text):
        return True
    if not re.fullmatch(r"[一-鿿]{2,4}", text):
        return False
    surnames = table().surnames
    if text[:2] in surnames and len(text) > 2:
        return True
    return text[0] in _SURNAMES and len(text) <= 3


def _amount(text: str) -> str:
    found = _AMOUNT.search(text)
    if not found or re.search(r"美元|港|欧元|日元|USD|HKD|EUR", text, re.I):
        return ""
    number = float(found[1].replace(",", "")) * {"亿": 1e8, "万": 1e4}.get(found[2] or "", 1)
    return f"{number:.2f}"


def _day(text: str) -> str:
    found = _DAY.search(text)
    return f"{int(found[1]):04}-{int(found[2]):02}-{int(found[3]):02}" if found else ""


_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
    "钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢"
    "安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路"
    "游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗代桂全佟应臧闵"
    "苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝封官谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮"
)
