"""Words that say what a firm does or what form it has, so that what is left is the name it goes by."""

import re

_TRADES = """
纺织 针织 印染 染整 染织 织造 织布 棉纺 毛纺 麻纺 纺纱 喷织 经编 纬编 针纺 纺丝 化纤 涤纶 锦纶 氨纶 家纺 家居 布艺 布业 窗帘 床品
地毯 毛巾 毛绒 纺织品 针纺织品 棉纺织 毛纺织 丝绸服装 服装辅料
服饰 服装 时装 制衣 成衣 童装 女装 男装 内衣 西服 衬衫 牛仔 羊绒 羊毛衫 毛衫 袜业 织袜 鞋业 制鞋 鞋材 帽业 手套 箱包 皮具 皮革
制革 皮草 绣品 绣花 刺绣 花边 蕾丝 辅料 拉链 纽扣 线业 织带 商标 丝绸 丝织 蚕丝 绸缎 真丝 面料 坯布 布料 无纺布 非织造
数码印花 印花 烫金 植绒 涂层 复合 后整理 整理 定型 浆纱 倍捻 加弹 绗缝 羽绒
机械 机电 机床 设备 装备 自动化 智能 仪器 仪表 配件 模具 五金 电器 电子 电气 电缆 照明 灯饰 光电 通讯 软件 信息 网络 数码 科技
技术 高新 工程 建筑 建材 装饰 装潢 装修 陶瓷 玻璃 家具 木业 竹木 包装 纸业 纸制品 印刷 彩印 塑料 塑业 塑胶 橡胶 橡塑 化工 化学
染料 助剂 涂料 油墨 新材料 材料 新能源 能源 环保 水务 金属 钢铁 铝业 不锈钢 铸造 轴承
食品 饮料 酒业 茶业 粮油 农业 生物 制药 药业 医药 医疗 器械 日化 化妆品 玩具 工艺品 礼品 体育用品 文具 百货 超市
商贸 贸易 进出口 外贸 物资 供应链 物流 货运 运输 仓储 快递 实业 工业 产业 企业 发展 开发 投资 控股 集团 管理 咨询 服务 传媒 广告
文化 教育 旅游 酒店 餐饮 电子商务 国际 制造 制品 用品 加工
"""
# "纺织机械" is another trade than "纺织".
TRADES = frozenset(_TRADES.split())
LEGAL = re.compile(
    r"(股份有限责任公司|股份有限公司|有限责任公司|有限股份公司|股份合作公司|股份公司|责任公司|有限公司|（有限合伙）|有限合伙|总公司|"
    r"公司|总厂|专业合作社|合作社|经营部|门市部|工作室|商行|商店|制造厂|加工厂|加工场|厂)$"
)
BRANCH = re.compile(
    r"(?:公司|厂)?(第?[一二三四五六七八九十\d]+(?:分厂|分公司|车间|厂区)|[\u4e00-\u9fff]{0,6}(?:分公司|分厂|办事处|分店))$"
)

_EN_LEGAL = """
co ltd limited inc incorporated corp corporation company llc llp plc gmbh srl spa sa sas ag bv pty pte pvt private jsc
joint stock jointstock cv de rl c v s ltda sdn bhd tbk pt cty tnhh sarl san ve tic sti fze fzco kg oy ab as the and of dba
"""
EN_LEGAL = frozenset(_EN_LEGAL.split())
# Trade: the words that name it. Words under "works" only say that something is made or sold.
_EN_TRADES = """
garment: garment garments apparel apparels aparel clothing clothes cloth dress dresses fashion fashions wear sewing costume
garment: costumes uniform uniforms tailoring tailors
shirt: shirt shirts
knit: knit knits knitting knitwear knitwears knitted
sweater: sweater sweaters wool woolen
textile: textile textiles tex textil tekstil fabric fabrics weaving weave cotton
hometextile: home hometex towel towels terry bedding carpet carpets curtain household
shoe: shoe shoes footwear footwears boots
dye: dyeing dye washing laundry finishing
print: print printing prints printwear
embroidery: embroidery embroideries embellishment
leather: leather fur
cap: cap caps headwear headwears hat hats
glove: glove gloves
sock: sock socks hosiery
underwear: underwear lingerie brassiere intimate intimates
sport: sport sports sporting sportswear sportwear outdoor outdoors camping tent travel travelling
accessory: accessories accessory craft crafts handicraft handicrafts
plastic: plastic plastics rubber
trade: trading trade export exports import imports
works: factory fty mill mills works industry industries industrial enterprise enterprises manufacturing manufacture manufactory
works: manufacturer mfg making products product goods group international intl global holding holdings technology style
works: creation creations general ind supply chain stitching materials
"""
EN_TRADES = {
    word: "" if trade == "works" else trade
    for trade, _, words in (line.partition(": ") for line in _EN_TRADES.strip().splitlines())
    for word in words.split()
}
EN_BRANCH = re.compile(
    r"\b(?:unit|plant|branch|mill|mk|no|nr|factory|division|bldg|building|workshop|br|line|floor|bk|facility|subsidiary)"
    r"\W{0,3}(\d+|[ivx]+|[a-h])\b"
    r"|\b(\d+|second|third|first|1st|2nd|3rd|[ivx]{2,4})\b"
    r"|\b(?:cutting|sewing|molding|laundry|finishing|washing|printing|workshop|branch|subsidiary|north|south|east|west)\b",
    re.IGNORECASE,
)
