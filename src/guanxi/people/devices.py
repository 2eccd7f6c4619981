"""What a browser says of itself, in words by which its owner knows it again."""

import re

#: (what stands in the text, what people call it); the first that fits, since later ones stand in
#: the texts of earlier ones.
APPS = (
    ("wxwork", "企业微信"),
    ("micromessenger", "微信"),
    ("dingtalk", "钉钉"),
    ("lark", "飞书"),
    ("feishu", "飞书"),
    ("edg", "Edge"),
    ("opr/", "Opera"),
    ("firefox", "Firefox"),
    ("fxios", "Firefox"),
    ("headlesschrome", "Chrome"),
    ("chrome", "Chrome"),
    ("crios", "Chrome"),
    ("safari", "Safari"),
)
SYSTEMS = (
    ("harmonyos", "HarmonyOS"),
    ("openharmony", "HarmonyOS"),
    ("iphone", "iPhone"),
    ("ipad", "iPad"),
    ("android", "Android"),
    ("windows", "Windows"),
    ("mac os", "macOS"),
    ("cros", "ChromeOS"),
    ("linux", "Linux"),
)
NAME = re.compile(r"[\w .+-]{1,40}")


def device(agent: str) -> str:
    """Such as "Chrome · Windows"; the beginning of the text where neither is known."""
    lower = agent.lower()
    words = [next((name for sign, name in known if sign in lower), "") for known in (APPS, SYSTEMS)]
    found = " · ".join(filter(None, words))
    first = NAME.match(agent)
    return found or (first.group().strip() if first else "")


def is_phone(agent: str) -> bool:
    return any(sign in agent.lower() for sign in ("iphone", "android", "mobile"))
