# ruff: noqa: ISC004
"""Cards, signatures and registry texts, invented but written as people send them."""

import pytest

from guanxi.kernel.cards import read_card
from guanxi.kernel.codes import make_credit_code

CODE = make_credit_code(4711, office="330206")

TEXTS = {
    "labelled signature": (
        "姓名：林小满\n职位：采购经理\n公司：宁波云起包装材料有限公司\n手机：138 5742 6610\n"
        "电话：0574-8688 1234 转 805\n邮箱：lin.xm@yunqi-pack.example\n微信：linxm_88\n"
        "地址：浙江省宁波市北仑区新碶街道明州路118号\n邮编：315800",
        {
            "name": "林小满",
            "job": "采购经理",
            "company": "宁波云起包装材料有限公司",
            "phones": ["mobile 13857426610", "landline 057486881234"],
            "emails": ["lin.xm@yunqi-pack.example"],
            "wechat": "linxm_88",
            "region": "330206",
            "address": "新碶街道明州路118号",
        },
    ),
    "card without labels": (
        "杭州景明机电股份有限公司\n周见山  销售总监\n13905710022\n0571-85550066\n"
        "zhou@jingming.example\nwww.jingming.example\n杭州市滨江区江南大道3588号12楼",
        {
            "company": "杭州景明机电股份有限公司",
            "name": "周见山",
            "job": "销售总监",
            "phones": ["mobile 13905710022", "landline 057185550066"],
            "website": "www.jingming.example",
            "region": "330108",
            "address": "江南大道3588号12楼",
        },
    ),
    "one line from a chat": (
        "你好，我是苏州和信精工的，欧阳娜 13812340987（微信同号） 邮箱ouyang@hexin.example",
        {
            "name": "欧阳娜",
            "phones": ["mobile 13812340987"],
            "wechat": "13812340987",
            "emails": ["ouyang@hexin.example"],
        },
    ),
    "registry with colons": (
        f"企业名称：宁波云起包装材料有限公司\n统一社会信用代码：{CODE}\n法定代表人：高建民\n"
        "注册资本：1,200万元人民币\n成立日期：2009年3月17日\n登记状态：存续\n"
        "住所：浙江省宁波市北仑区明州路118号\n经营范围：包装材料的制造、加工；货物进出口",
        {
            "company": "宁波云起包装材料有限公司",
            "credit_code": CODE,
            "legal_person": "高建民",
            "capital": "12000000.00",
            "founded_on": "2009-03-17",
            "state": "存续",
            "region": "330206",
            "name": "",
        },
    ),
    "registry as a table": (
        f"公司名称\t上海澄波仪器有限公司\n法定代表人\t沈博远\t注册资本\t500万人民币\n"
        f"成立日期\t2015-06-01\t经营状态\t在业\n统一社会信用代码\t{CODE}\n电话\t021-60881234",
        {
            "company": "上海澄波仪器有限公司",
            "legal_person": "沈博远",
            "capital": "5000000.00",
            "founded_on": "2015-06-01",
            "state": "在业",
            "credit_code": CODE,
            "phones": ["landline 02160881234"],
        },
    ),
    "label above its value": (
        "法定代表人\n韩志峰\n注册资本\n3000 万元\n成立日期\n2001/11/5\n企业名称\n常州岭南阀门厂",
        {
            "legal_person": "韩志峰",
            "capital": "30000000.00",
            "founded_on": "2001-11-05",
            "company": "常州岭南阀门厂",
        },
    ),
    "full width": (
        "联系人：方晓雯　手机：１３７１２３４５６７８　Ｅ－ｍａｉｌ：ｆａｎｇ＠ｂｏｈｕｉ．ｅｘａｍｐｌｅ",
        {"name": "方晓雯", "phones": ["mobile 13712345678"], "emails": ["fang@bohui.example"]},
    ),
    "labels on one line": (
        "联系人:贾永强 手机:13600001234 座机:0755-26001234 传真:0755-26001235 QQ:123456789",
        {
            "name": "贾永强",
            "phones": ["mobile 13600001234", "landline 075526001234"],
            "qq": "123456789",
        },
    ),
    "name runs into title": (
        "张伟总经理\n深圳市前海方舟供应链有限公司\nTel：400-820-1234",
        {
            "name": "张伟",
            "job": "总经理",
            "company": "深圳市前海方舟供应链有限公司",
            "phones": ["400 4008201234"],
        },
    ),
    "title before name": (
        "技术部 高级工程师 王磊\n+86 139-1234-5678",
        {"name": "王磊", "job": "高级工程师", "phones": ["mobile 13912345678"]},
    ),
    "branch": (
        "北京远图信息技术有限公司上海分公司\n市场总监 叶文婷\nM 13501010101",
        {
            "company": "北京远图信息技术有限公司上海分公司",
            "name": "叶文婷",
            "job": "市场总监",
            "phones": ["mobile 13501010101"],
        },
    ),
    "separated by strokes": (
        "潘玉梅 | 客服主管 | 江西瑾合食品有限公司 | 18970881234 | panyumei@jinhe.example",
        {
            "name": "潘玉梅",
            "job": "客服主管",
            "company": "江西瑾合食品有限公司",
            "phones": ["mobile 18970881234"],
            "emails": ["panyumei@jinhe.example"],
        },
    ),
    "delivery address": (
        "收件人：徐海涛\n电话：15158001234\n地址：广东省深圳市南山区科技园南区高新南七道8号B座1502",
        {
            "name": "徐海涛",
            "phones": ["mobile 15158001234"],
            "region": "440305",
            "address": "科技园南区高新南七道8号B座1502",
        },
    ),
    "english card": (
        "Emma Lindqvist\nPurchasing Manager\nNordhavn Components GmbH\n"
        "Tel +49 40 1234 5670\nMobile: +49 151 2345 6789\nemma.l@nordhavn.example\n"
        "www.nordhavn.example\nSpeicherstrasse Road 12, 20457 Hamburg",
        {
            "name": "Emma Lindqvist",
            "job": "Purchasing Manager",
            "company": "Nordhavn Components GmbH",
            "emails": ["emma.l@nordhavn.example"],
            "website": "www.nordhavn.example",
            "address": "Speicherstrasse Road 12, 20457 Hamburg",
        },
    ),
    "english name and title on a line": (
        "Daniel Wu, Sales Director\nBrightwater Trading (Shanghai) Co., Ltd.\n"
        "M: +86 138 1700 2233  E: daniel.wu@brightwater.example\n"
        "Address: 12F, 88 Century Avenue, Pudong, Shanghai",
        {
            "name": "Daniel Wu",
            "job": "Sales Director",
            "phones": ["mobile 13817002233"],
            "emails": ["daniel.wu@brightwater.example"],
            "address": "12F, 88 Century Avenue, Pudong, Shanghai",
        },
    ),
    "two mobiles side by side": (
        "刘洋 13800001111 13900002222",
        {"name": "刘洋", "phones": ["mobile 13800001111", "mobile 13900002222"]},
    ),
    "a code with a wrong digit is not taken": (
        "联系人：陈静\n税号：" + CODE[:-1] + ("0" if CODE[-1] != "0" else "1"),
        {"name": "陈静", "credit_code": ""},
    ),
    "title instead of a name": (
        "赵总 13700008888 河北晟亮调味品有限公司",
        {"name": "赵总", "phones": ["mobile 13700008888"], "company": "河北晟亮调味品有限公司"},
    ),
    "signature with rules": (
        "-----------------\n汪淑珍\n财务部\n财务经理\n安徽渤晖云计算有限公司\n"
        "T: 0551-65551234  F: 0551-65551235\nE-mail: wangsz@bohui.example\nhttps://bohui.example/",
        {
            "name": "汪淑珍",
            "department": "财务部",
            "job": "财务经理",
            "company": "安徽渤晖云计算有限公司",
            "phones": ["landline 055165551234"],
            "emails": ["wangsz@bohui.example"],
            "website": "https://bohui.example/",
        },
    ),
    "foreign capital is left alone": (
        "名称：维佳合饮料（中国）有限公司\n注册资本：800万美元\n法定代表人：Ada Lovelace",
        {"company": "维佳合饮料(中国)有限公司", "capital": ""},
    ),
    "little pictures and an extension": (
        "刘洋 | 区域销售经理\n深圳市瑞达自动化设备有限公司\n📱 138-2345-6789（微信同号）\n"
        "☎ 0755-8632 1188-806\n🏠 深圳市宝安区西乡街道固戍一路88号A栋5楼",
        {
            "name": "刘洋",
            "job": "区域销售经理",
            "company": "深圳市瑞达自动化设备有限公司",
            "phones": ["mobile 13823456789", "landline 075586321188"],
            "wechat": "13823456789",
            "region": "440306",
            "address": "西乡街道固戍一路88号A栋5楼",
        },
    ),
    "a name set wide": (
        "王  伟\n总工程师\n北京中科远景科技股份有限公司\nT 010-6255 8899\nM 13911223344",
        {"name": "王伟", "job": "总工程师", "company": "北京中科远景科技股份有限公司"},
    ),
    "a foreigner": (
        "Dr. Anna Müller\nHead of Procurement\nBosch Rexroth (China) Co., Ltd.\n"
        "Tel: +86 21 2218 1111\nNo. 66 Jinyan Road, Pudong, Shanghai",
        {
            "name": "Anna Müller",
            "job": "Head of Procurement",
            "company": "Bosch Rexroth (China) Co., Ltd.",
            "phones": ["landline 02122181111"],
            "address": "No. 66 Jinyan Road, Pudong, Shanghai",
        },
    ),
    "a chat in whole sentences": (
        "你好，我是苏州恒泰包装的采购孙丽，我电话13771882233，地址是苏州工业园区星湖街218号，麻烦寄样品",
        {
            "name": "孙丽",
            "job": "采购",
            "company": "苏州恒泰包装",
            "phones": ["mobile 13771882233"],
            "address": "苏州工业园区星湖街218号",
        },
    ),
    "registry in one line": (
        "法定代表人：赵敏 注册资本：300万元人民币 成立日期：2020-03-15 电话：0571-88997766 "
        "地址：杭州市余杭区仓前街道文一西路1818号",
        {
            "legal_person": "赵敏",
            "capital": "3000000.00",
            "founded_on": "2020-03-15",
            "phones": ["landline 057188997766"],
            "region": "330110",
            "address": "仓前街道文一西路1818号",
        },
    ),
    "two mobiles of a chairman": (
        "张建国 13805556677 / 18955556677\n安徽鑫源铸造有限公司 董事长\n合肥市包河区宿松路1888号 邮编230000",
        {
            "name": "张建国",
            "job": "董事长",
            "company": "安徽鑫源铸造有限公司",
            "phones": ["mobile 13805556677", "mobile 18955556677"],
            "address": "宿松路1888号",
        },
    ),
    "a surname of two": (
        "欧阳修远\n副总裁\n广州白云电器设备股份有限公司\n手机：+86-13600001234\n"
        "传真：020-86060000\nQQ：12345678",
        {"name": "欧阳修远", "job": "副总裁", "phones": ["mobile 13600001234"], "qq": "12345678"},
    ),
    "what an invoice needs": (
        f"名称：宁波海天塑机集团有限公司\n纳税人识别号：{CODE}\n"
        "地址、电话：宁波市北仑区小港海天路1688号 0574-86188188\n开户行及账号：工行北仑支行 3901180009000012345",
        {
            "company": "宁波海天塑机集团有限公司",
            "credit_code": CODE,
            "phones": ["landline 057486188188"],
            "region": "330206",
            "address": "小港海天路1688号",
        },
    ),
    "a sentence is no job": (
        "请通知全体销售经理明天上午九点到三楼会议室开季度总结会",
        {"job": "", "name": "", "company": ""},
    ),
    "a card from Hong Kong": (
        "李嘉欣\n香港遠東貿易有限公司\n電話：+852 2345 6789\n手提：+852 9123 4567",
        {
            "name": "李嘉欣",
            "company": "香港遠東貿易有限公司",
            "phones": ["landline 23456789", "mobile 91234567"],
        },
    ),
    "nothing to find": (
        "今天下午三点开会，记得带上样品。谢谢！",
        {"name": "", "company": "", "phones": [], "emails": [], "address": "", "job": ""},
    ),
}


@pytest.mark.parametrize("title", TEXTS)
def test_card(title):
    text, expected = TEXTS[title]
    card = read_card(text)
    found = {name: getattr(card, name) for name in expected}
    if "phones" in found:
        found["phones"] = [f"{one.kind} {one.digits}" for one in card.phones]
    assert found == expected
