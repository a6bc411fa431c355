"""The reasons that a comparison gives, in both languages."""

from staveworks.kit.text import Text

NOTHING = Text(zh="两边都没有。", en="Neither has one.")
ONE_SIDE = Text(zh="只有一边有。", en="Only one has it.")

SAME_CODE = Text(zh="信用代码相同。", en="The same code.")
TWO_CODES = Text(zh="两个有效的信用代码，不是同一家。", en="Two valid codes: two firms.")
CODE_SLIP = Text(zh="信用代码只差一两位，其中一个抄错了。", en="The codes differ by a slip in one of them.")
FAULTY_CODE = Text(zh="信用代码不同，其中一个有错。", en="Different codes, one of them faulty.")

SAME_NAME = Text(zh="去掉地名和公司形式后，名称相同。", en="The same name without place and legal form.")
SHORT_FORM = Text(zh="一个是另一个的简称。", en="One name is the short form of the other.")
HOMOPHONE = Text(zh="名称同音不同字。", en="The names sound the same in other characters.")
ONE_OFF = Text(zh="名称只差一个字。", en="The names differ by one character.")
SPELLING = Text(zh="名称拼写相近。", en="The names are spelled alike.")
OTHER_TRADE = Text(
    zh="字号相同，行业不同：{left}、{right}。",
    en="The same word in the name, but other trades: {left}, {right}.",
)
OTHER_NAME = Text(zh="名称不同。", en="Different names.")
BRANCH = Text(zh="名称中的分厂或分公司不同。", en="The names tell different branches.")
OTHER_SCRIPT = Text(
    zh="一个是中文名，一个是外文名，无法比较。", en="One name is Chinese, the other is not: not comparable."
)

SAME_PHONE = Text(zh="电话相同。", en="The same phone number.")
OTHER_PHONE = Text(zh="电话不同。", en="Different phone numbers.")
SAME_CONTACT = Text(zh="联系人相同。", en="The same contact person.")
OTHER_CONTACT = Text(zh="联系人不同。", en="Different contact persons.")
SAME_STAFF = Text(zh="人数相同。", en="The same number of staff.")
NEAR_STAFF = Text(zh="人数接近。", en="Nearly the same number of staff.")
OTHER_STAFF = Text(zh="人数不同。", en="Different numbers of staff.")

OTHER_COUNTRY = Text(zh="不在同一个国家。", en="Different countries.")
SAME_PLACE = Text(zh="在同一个地方。", en="In the same place.")
INSIDE = Text(zh="一个地方在另一个之内。", en="One place lies within the other.")
SAME_PROVINCE = Text(zh="在同一个省。", en="In the same province.")
OTHER_PLACE = Text(zh="不在同一个地方。", en="In different places.")

SAME_DOOR = Text(zh="门牌相同。", en="The same street and number.")
OTHER_DOOR = Text(zh="同一条路，门牌不同。", en="The same street, another number.")
OTHER_STREET = Text(zh="门牌不同。", en="Different streets.")
SAME_TOWN = Text(zh="在同一个镇街。", en="The same town.")
OTHER_TOWN = Text(zh="不在同一个镇街。", en="Different towns.")
SAME_ADDRESS = Text(zh="地址相同。", en="The same address.")
NEAR_ADDRESS = Text(zh="地址相近。", en="Similar addresses.")
OTHER_ADDRESS = Text(zh="地址不同。", en="Different addresses.")
