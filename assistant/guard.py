"""Recognise what is no question about a plan: chit-chat, general knowledge, and attempts to misuse."""

from __future__ import annotations

import re

from assistant.answer import Reason
from assistant.router import Odds, Route
from ingest.normal import fold

MISUSED = 0.9  # how sure the router must be to refuse a question for misuse by itself
SUSPECT, STRANGE = 0.1, 0.01  # how likely not about the plan must be what is worded like misuse, or like small talk
_UNSAFE = re.compile(
    r"(忽略|无视|忘掉|忘记|跳过|绕过|不要管|别管|抛开|覆盖)[^。]{0,16}(指令|规则|限制|设定|要求|提示|约束|安全)"
    r"|(系统|system|初始|隐藏|内部).{0,4}(提示词?|prompt|指令|设定|配置|密钥|变量)|提示词|api.?key|密钥|环境变量|密码|口令|token|源代码|配置文件"
    r"|(系统消息|安全模式|内部规则|拒答|管理员密码|后台(密码|权限|登录)|root权限)|(假装|假设|当作|就当)[^。]{0,16}(修订|改成|改为|已经|没有限制)|以后都(按|这么|这样)|(扮演|假装|假设|想象)[^。]{0,12}(你|没有限制|不受|黑客|角色|dan\b|管理员|开发者)|你现在是|开发者模式|越狱|jailbreak|developer mode|\bdan\b"
    r"|(编造|捏造|虚构|伪造|杜撰|瞎编|(?<!采)编[一个几条段点])|随便(编|说个|给个)|不管真假|没有也(要|给)"
    r"|授权你|照办|按我说的|(写|做|弄|出)[一份个张篇]*假的?|红头文件|侵入|黑进|入侵|攻击|破解|窃取|隐藏指令|作废,请|其他用户|别人(刚才)?问|删掉|清空"
    r"|\bhack(ing)? (into|the|a)\b|knock out|\bdump\b|\bapi key|no rules|just answer|only reply|reply only|asking for a friend|\bsabotage|\bsteal\b|other users"
    r"|钓鱼(邮件|短信|网站)|诈骗|木马|病毒代码|drop table|select \*|union select|<script|rm -rf|sql注入|注入攻击|/etc/passwd"
    r"|\b(ignore|disregard|forget|bypass|override|skip)\b.{0,40}\b(instruction|rule|prompt|restriction|guideline|polic|above|previous|safety|filter)"
    r"|\b(system|hidden|initial|original|internal) (prompt|instruction|message|config)|\b(reveal|print|show|dump|leak|output|repeat)\b.{0,40}\b(prompt|instruction|api key|password|secret|config|credential|environment)"
    r"|\b(invent|fabricate|forge|fake)\b|\bmake up (some|numbers?|figures?|data|an?)\b|\bphishing\b|\bmalware\b|\b(pretend|act|behave|roleplay|role-play)\b.{0,30}\b(you|as|no (rules|restrictions|limits))"
    r"|\byou are now\b|\bunrestricted\b|(写|拟|生成|草拟|起草|write|draft|compose).{0,20}(宣传稿|谣言|造谣|抹黑|煽动|诽谤|propaganda|defam|rumou?r|smear|scam)"
)
_CHAT = re.compile(
    r"(今天|明天|后天|现在|周末|最近|这几天|下周).{0,6}(天气|气温|下雨|冷|热)|天气(怎么样|如何|好不好)|几点了|星期几|今天(是)?(几号|几月|周几)|讲个?笑话|笑话|段子|唱(首|个)|写(一?首|一?篇)?(诗|情书|作文|小说|歌词|文案|日记)|翻译(一下|成|这)|你是谁|你叫什么|^(你好|您好|哈喽|早上好|晚上好|谢谢|再见|在吗)[^\w]*$"
    r"|(买|炒|推荐).{0,8}股票|股票.{0,6}(买|涨|跌|合适)|股价|彩票|比分|谁赢了|世界杯(冠军)?|欧冠|电影推荐|推荐.{0,8}(餐厅|馆子|电影|酒店|景点|书|手机|饭店|吃)|好吃的|菜谱|怎么做(菜|饭)|减肥|感冒.{0,6}(药|怎么办|吃)|吃什么药|头疼|失眠|哪家(酒店|饭店|餐厅|宾馆|馆子)|星座|算命|冷不冷|热不热|短袖|真人|下班了|定理|买黄金|理财|划算|python|java\b|(写|给我|帮).{0,8}(代码|程序)|编程|解方程|数学题|(做|写|帮)[^。]{0,4}作业|首都是|总统|圆周率|光速|珠穆朗玛|女朋友|男朋友|分手|无聊|你几岁|你会(什么|做什么)|陪我"
    r"|\bthe weather\b(?! (service|forecast(ing)? system))|\bweather (today|tomorrow|like)\b|\bjokes?\b|\bpoem\b|^(hello|hi|hey|thanks|thank you)\W*$|\bhow are you\b|\bwho are you\b|\byour name\b|\brecipes?\b|\bpython\b|\bjavascript\b|\b(my|do|with) .{0,12}homework\b|\bworld cup\b|\bpremier league\b|\bnba\b|\bstock price\b|\bbitcoin\b|\bhoroscope\b|\bheadache\b|\bmedicine should\b"
    r"|\bwhat('s| is) the capital of\b|\bpresident of\b|\brecommend (a|me|some)\b|\bgood (restaurant|hotel|movie)|\b(best|cheap(est)?|good) (restaurants?|hotels?|bars?)\b|\bwhich hotel\b|\bwhat time is it\b|\btranslate\b|\bsolve (this|the|for)\b|\bwrite (me )?a (story|song|poem|letter|essay|function|script)"
)


def refused_outright(question: str, odds: Odds) -> Reason | None:
    """Return why a question is refused before any search, or None.

    Words alone do not tell: how hackers are kept out is a matter of the plan. So the router must be
    sure, or find a question that is worded so at least a little strange.
    """
    folded, strange = fold(question), odds[Route.UNSAFE] + odds[Route.CHAT]
    if odds[Route.UNSAFE] >= MISUSED or (strange >= SUSPECT and _UNSAFE.search(folded)):
        return Reason.UNSAFE_REQUEST
    if strange >= STRANGE and _CHAT.search(folded):
        return Reason.OUT_OF_SCOPE
    return None
