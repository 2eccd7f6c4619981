"""Writes ``kernel/pinyin.txt`` from the dictionaries of pypinyin.

The package itself takes 0.3 s and 45 MB to load, which every worker would pay; the written
table takes 20 ms and 4 MB. After a change here: ``python -m guanxi.testing.pinyin_table``.
"""

import unicodedata
from collections import defaultdict
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "kernel" / "pinyin.txt"

# Readings that names of firms, places and persons mean far more often than the dictionary's first.
READINGS = {
    "长": "chang", "都": "du", "乐": "le", "佛": "fo", "卜": "bu", "伽": "jia", "靓": "liang",
    "似": "si", "贾": "jia", "茄": "qie", "没": "mei", "着": "zhe", "还": "hai", "调": "tiao",
    "给": "gei", "卡": "ka", "模": "mo", "咖": "ka", "壳": "ke", "裳": "shang", "弹": "tan",
    "番": "fan", "莞": "guan", "圳": "zhen", "厂": "chang", "车": "che", "石": "shi", "和": "he",
    "传": "chuan", "参": "can", "藏": "cang", "朝": "chao", "重": "zhong", "行": "xing",
    "宿": "su", "泊": "bo", "尾": "wei", "曾": "zeng", "单": "dan", "解": "jie", "盖": "gai",
    "查": "cha", "区": "qu", "仇": "chou", "华": "hua", "会": "hui", "六": "liu", "埔": "pu",
    "堡": "bao", "柏": "bai", "浒": "hu", "莘": "xin", "薄": "bo", "露": "lu", "拓": "tuo",
    "勒": "le", "率": "lv", "粘": "nian", "系": "xi", "咋": "za", "呗": "bei", "栖": "qi",
    "蔓": "man", "骑": "qi", "什": "shi", "阿": "a", "宁": "ning", "任": "ren", "強": "qiang",
    "枞": "cong", "洗": "xi", "种": "zhong", "朴": "pu", "秘": "mi", "般": "ban", "若": "ruo",
}  # fmt: skip

# "word reading-with-blanks": places, trades and brands; they win over the dictionary's phrases.
PHRASES = """
重庆 chong qing|厦门 xia men|厦大 xia da|长子县 zhang zi xian|六安 lu an|六合区 lu he qu|蚌埠 beng bu
乐清 yue qing|乐亭 lao ting|台州 tai zhou|丽水 li shui|番禺 pan yu|大埔 da bu|莘县 shen xian
莘庄 xin zhuang|荥阳 xing yang|浚县 xun xian|洪洞 hong tong|蔚县 yu xian|井陉 jing xing
东阿 dong e|阿胶 e jiao|中牟 zhong mu|牟平 mu ping|单县 shan xian|尉犁 yu li|会稽 kuai ji
会计 kuai ji|会理 hui li|涡阳 guo yang|铅山 yan shan|浒墅 xu shu|浒浦 xu pu|西藏 xi zang
藏族 zang zu|藏药 zang yao|青藏 qing zang|吴堡 wu bu|柏林 bo lin|费县 fei xian|歙县 she xian
犍为 qian wei|筠连 jun lian|荔浦 li pu|繁峙 fan shi|朝阳 chao yang|朝日 zhao ri|朝晖 zhao hui
朝霞 zhao xia|今朝 jin zhao|朝夕 zhao xi|朝露 zhao lu|身毒 yuan du|龟兹 qiu ci|月氏 yue zhi
银行 yin hang|商行 shang hang|分行 fen hang|支行 zhi hang|总行 zong hang|央行 yang hang
农行 nong hang|工行 gong hang|建行 jian hang|中行 zhong hang|招行 zhao hang|交行 jiao hang
洋行 yang hang|车行 che hang|药行 yao hang|粮行 liang hang|行业 hang ye|行家 hang jia
行情 hang qing|本行 ben hang|拍卖行 pai mai hang|五金行 wu jin hang|电器行 dian qi hang
音乐 yin yue|乐器 yue qi|乐团 yue tuan|乐府 yue fu|声乐 sheng yue|民乐 min yue|乐章 yue zhang
乐队 yue dui|琴乐 qin yue|成长 cheng zhang|生长 sheng zhang|家长 jia zhang|校长 xiao zhang
院长 yuan zhang|市长 shi zhang|部长 bu zhang|局长 ju zhang|会长 hui zhang|船长 chuan zhang
店长 dian zhang|厂长 chang zhang|队长 dui zhang|董事长 dong shi zhang|模具 mu ju|模板 mu ban
模样 mu yang|调度 diao du|调研 diao yan|调查 diao cha|调拨 diao bo|人参 ren shen|海参 hai shen
参茸 shen rong|西洋参 xi yang shen|党参 dang shen|萝卜 luo bo|薄荷 bo he|重阳 chong yang
双重 shuang chong|重新 chong xin|重建 chong jian|九重 jiu chong|重组 chong zu|还原 huan yuan
数据 shu ju|便宜 pian yi|星宿 xing xiu|畜牧 xu mu|血液 xue ye|率先 shuai xian|核桃 he tao
称心 chen xin|对称 dui chen|弹药 dan yao|子弹 zi dan|导弹 dao dan|地壳 di qiao|甲壳 jia qiao
女红 nv gong|般若 bo re|兰若 lan re|的士 di shi|的确 di que|大夫 dai fu|刹那 cha na
传记 zhuan ji|外传 wai zhuan|劲松 jing song|劲草 jing cao|劲风 jing feng|茜茜 xi xi|夹克 jia ke
系鞋 ji xie|石头 shi tou|叶公 ye gong|可汗 ke han|吐蕃 tu bo|大月氏 da yue zhi|秘鲁 bi lu
"""  # fmt: skip

DROPPED = {"必得", "不了", "未了", "同行", "查查", "长大", "乐工", "上行", "朝会", "咱家", "堡子"}

SURNAMES = """
单 shan|曾 zeng|解 xie|仇 qiu|华 hua|盖 ge|区 ou|查 zha|朴 piao|乐 yue|缪 miao|宓 mi|卜 bu|员 yun
秘 bi|种 chong|召 shao|折 she|黑 he|逄 pang|覃 qin|翟 zhai|纪 ji|车 che|尉 wei|都 du|盛 sheng
宿 su|占 zhan|阚 kan|晟 cheng|句 gou|贾 jia|佴 nai|柏 bai|薄 bo|谌 chen|仝 tong|幺 yao|角 jue
隗 wei|乜 nie|过 guo|么 yao|呙 guo|那 na|能 nai|不 fou|难 ning|粘 nian|撒 sa|钭 tou|訾 zi|亓 qi
繁 po|朝 chao|谷 gu|洗 xian|冼 xian|牟 mu|祭 zhai|郇 xun|郗 xi|任 ren|宁 ning|葛 ge|应 ying
燕 yan|会 gui|哈 ha|尹 yin|相 xiang|行 xing|长 chang|重 chong|石 shi|於 yu|洪 hong|褚 chu|莘 shen
尉迟 yu chi|万俟 mo qi|长孙 zhang sun|令狐 ling hu|澹台 tan tai|单于 chan yu|宰父 zai fu
亓官 qi guan|夏侯 xia hou|皇甫 huang fu|鲜于 xian yu|乐正 yue zheng|尉氏 wei shi|濮阳 pu yang
淳于 chun yu|呼延 hu yan|赫连 he lian|拓跋 tuo ba|独孤 du gu|欧阳 ou yang|司马 si ma|上官 shang guan
诸葛 zhu ge|东方 dong fang|公孙 gong sun|慕容 mu rong|宇文 yu wen|申屠 shen tu|端木 duan mu
"""  # fmt: skip


def plain(syllable):
    """``lǜ`` -> ``lv``: no tone marks, ü as v, as people type it."""
    parts = unicodedata.normalize("NFD", syllable).replace("u\u0308", "v")
    return "".join(char for char in parts if char.isascii() and char.isalpha())


def pairs(words):
    """``"重庆 chong qing|..."`` -> list of (word, reading)."""
    entries = words.replace("\n", "|").split("|")
    return [tuple(entry.split(" ", 1)) for entry in entries if entry]


def first_readings(table):
    """{character: syllable} from pypinyin's {code point: "zhōng,zhòng"}."""
    readings = {chr(code): plain(text.split(",")[0]) for code, text in table.items()}
    return {**{char: text for char, text in readings.items() if text}, **READINGS}


def odd_phrases(phrases, readings):
    """Phrases of two or three characters whose reading is not that of their characters."""
    odd = {}
    for word, tones in phrases.items():
        if not 2 <= len(word) <= 3 or len(tones) != len(word) or word in DROPPED:
            continue
        spoken = [plain(tone[0]) for tone in tones]
        if all(spoken) and spoken != [readings.get(char) for char in word]:
            odd[word] = " ".join(spoken)
    return {**odd, **dict(pairs(PHRASES))}


def main():
    from pypinyin.phrases_dict import phrases_dict
    from pypinyin.pinyin_dict import pinyin_dict

    readings = first_readings(pinyin_dict)
    by_syllable = defaultdict(list)
    for char, syllable in sorted(readings.items()):
        by_syllable[syllable].append(char)
    lines = [f"{syllable}\t{''.join(chars)}" for syllable, chars in sorted(by_syllable.items())]
    phrases = odd_phrases(phrases_dict, readings).items()
    lines += ["[phrases]", *(f"{word}\t{text}" for word, text in sorted(phrases))]
    lines += ["[surnames]", *(f"{word}\t{text}" for word, text in pairs(SURNAMES))]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
