package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"ecoport/tenants"
)

// Names are composed from lists, so that twenty thousand differ and none is a
// real firm or person.
var (
	surnames = strings.Split("陈 李 黄 张 梁 林 王 吴 刘 何 罗 郑 谢 曾 邓 冯 蔡 叶 许 杨 郭 潘 苏 钟 卢 方 廖 邱 谭 温", " ")
	given    = strings.Split("晓琳 志强 嘉怡 伟明 丽华 俊杰 思敏 建国 美玲 家豪 婉婷 文辉 雅雯 子轩 欣怡 国栋 诗韵 浩然 敏仪 锦鹏 慧敏 展鹏 梓晴 永健 佩珊 立群 海燕 振宇 秋萍 启航", " ")
	brands   = strings.Split("粤通 南湾 云岭 珠江 岭南 海纳 星河 蓝桥 启明 华穗 鹏程 荔湾 盛和 同创 恒远 瑞谷 天衡 九洲 木棉 凌云 中晟 万联 博睿 信达 汇川 联岳 景行 泰和 思源 拓维 锦程 远望 开元 智园 宏图 正元 高明 前海 松湖 东岸", " ")
	traits   = strings.Split("宏 盛 瑞 祥 隆 兴 嘉 恒 利 泰 华 达 明 安 信 通 鑫 源 广 合 美 佳 康 顺 丰 裕 昌 建 新 和", " ")
	trades   = []trade{
		{"manufacturing", "enterprise", []string{"精密机械", "电子科技", "塑胶制品", "五金制造", "家居用品", "灯饰电器", "模具", "印刷包装"}, "有限公司"},
		{"commerce", "enterprise", []string{"商贸", "服装贸易", "日用百货", "食品贸易", "建材贸易"}, "有限公司"},
		{"logistics", "enterprise", []string{"物流", "供应链管理", "冷链运输", "货运代理"}, "有限公司"},
		{"sme", "enterprise", []string{"信息技术", "文化传播", "企业管理咨询", "装饰设计", "物业服务"}, "有限公司"},
		{"pharma", "enterprise", []string{"医药", "医疗器械", "大药房连锁"}, "有限公司"},
		{"education", "government", []string{"第一中学", "实验小学", "职业技术学校", "中心幼儿园"}, ""},
		{"government", "government", []string{"城市管理局", "市场监督管理局", "街道办事处", "政务服务中心"}, ""},
		{"power", "enterprise", []string{"供电服务", "新能源", "水务"}, "有限公司"},
		{"rural", "enterprise", []string{"农业专业合作社", "水产养殖", "果蔬种植"}, ""},
		{"finance", "enterprise", []string{"小额贷款", "融资担保", "保险代理"}, "有限公司"},
		{"sme", "individual", []string{"便利店", "汽车美容店", "餐饮店", "美发店"}, ""},
		{"commerce", "cluster", []string{"商业广场", "专业市场", "产业园"}, ""},
	}
	scenes = []string{"标准版", "县域版", "园区版", "连锁版", "平安校园版", "集团版", "政务外网版", "移动办公版", "轻量版", "安全增强版"}
)

type trade struct {
	industry, kind string
	nouns          []string
	suffix         string
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

func personName(r *rand.Rand) string { return pick(r, surnames) + pick(r, given) }

func phone(r *rand.Rand) string { return fmt.Sprintf("13%d%08d", 5+r.IntN(5), r.IntN(100_000_000)) }

// creditCode makes a valid code of a district for a serial number: unique by
// construction.
func creditCode(district string, serial int) string {
	body := "91" + (district + "000000")[:6] + fmt.Sprintf("MA%07d", serial)
	return body + tenants.CreditCodeCheck(body)
}
