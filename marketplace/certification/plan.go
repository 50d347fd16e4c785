package certification

import (
	"slices"

	"ecoport/app/platform/fault"
)

// CheckDef is one thing to test, by code; its words are the same everywhere.
type CheckDef struct {
	Code      string
	Words     fault.Words
	Machine   bool
	Threshold string
}

// StageDef is one step of the plan with its share of the thirty days.
type StageDef struct {
	Kind       string
	BudgetDays float64
	Checks     []CheckDef
	Managed    bool // only on the managed track
}

// BudgetDays is what the operator may take from submission to decision.
const BudgetDays = 30

// plan is the certification plan of the province. Budgets add up to
// BudgetDays; categories leave out what cannot apply to them.
var plan = []StageDef{
	{Kind: "intake", BudgetDays: 1, Checks: []CheckDef{
		{"complete", fault.Words{Zh: "材料完整", En: "Documents complete"}, true, ""},
		{"files_sound", fault.Words{Zh: "文件完好且类型正确", En: "Files sound and of the right type"}, true, ""},
		{"not_duplicate", fault.Words{Zh: "与库内方案不重复", En: "No duplicate in the library"}, true, ""},
		{"prices_sane", fault.Words{Zh: "目录价格有效", En: "List prices valid"}, true, ""},
	}},
	{Kind: "functional", BudgetDays: 8, Checks: []CheckDef{
		{"functions", fault.Words{Zh: "功能与手册一致", En: "Functions as in the manual"}, false, "100 %"},
		{"roles", fault.Words{Zh: "权限与账号管理", En: "Roles and accounts"}, false, ""},
		{"install", fault.Words{Zh: "安装与升级", En: "Install and upgrade"}, false, "≤ 30 min"},
	}},
	{Kind: "security", BudgetDays: 6, Checks: []CheckDef{
		{"vulnerabilities", fault.Words{Zh: "高危漏洞数", En: "Severe vulnerabilities"}, false, "0"},
		{"transport", fault.Words{Zh: "传输与存储加密", En: "Encryption in transit and at rest"}, false, ""},
		{"log_privacy", fault.Words{Zh: "日志不含个人信息", En: "No personal data in logs"}, false, ""},
	}},
	{Kind: "stability", BudgetDays: 5, Managed: true, Checks: []CheckDef{
		{"latency_p95", fault.Words{Zh: "P95 时延", En: "P95 latency"}, false, "≤ 200 ms"},
		{"concurrency", fault.Words{Zh: "并发用户数", En: "Concurrent users"}, false, "≥ 500"},
		{"availability", fault.Words{Zh: "72 小时可用率", En: "72-hour availability"}, false, "≥ 99.9 %"},
	}},
	{Kind: "documentation", BudgetDays: 3, Checks: []CheckDef{
		{"manual", fault.Words{Zh: "用户手册可独立使用", En: "Manual stands alone"}, false, ""},
		{"support", fault.Words{Zh: "支撑与应急流程", En: "Support and emergency procedure"}, false, ""},
	}},
	{Kind: "interface", BudgetDays: 4, Checks: []CheckDef{
		{"login", fault.Words{Zh: "统一登录规范", En: "Login specification"}, false, ""},
		{"provisioning", fault.Words{Zh: "开通接口规范", En: "Provisioning interface"}, false, ""},
	}},
	{Kind: "price_review", BudgetDays: 3, Managed: true, Checks: []CheckDef{
		{"price_fair", fault.Words{Zh: "价格与同类方案可比", En: "Price comparable with its kind"}, false, ""},
	}},
}

// planFor leaves out stages of the other track, and the interface stage for
// what does not integrate.
func planFor(track, integration string) []StageDef {
	var out []StageDef
	for _, s := range plan {
		if (s.Managed && track != "managed") || (s.Kind == "interface" && integration == "none") {
			continue
		}
		out = append(out, s)
	}
	return out
}

// DefOf finds the words of a check.
func DefOf(code string) CheckDef {
	for _, s := range plan {
		for _, c := range s.Checks {
			if c.Code == code {
				return c
			}
		}
	}
	return CheckDef{Code: code, Words: fault.Words{Zh: code, En: code}}
}

// chooseTrack decides by rule who has to approve, and says why.
func chooseTrack(category, integration, tier string, first bool) (track string, why fault.Words) {
	switch {
	case first:
		return "managed", fault.Words{Zh: "方案首次认证，由省产品经理审批。", En: "The first certification of a solution is decided by the province product manager."}
	case slices.Contains([]string{"hosting", "connectivity"}, category):
		return "managed", fault.Words{Zh: "该品类涉及网络与机房，由省产品经理审批。", En: "This category touches network and data centres: decided by the province product manager."}
	case integration == "deep":
		return "managed", fault.Words{Zh: "深度集成，由省产品经理审批。", En: "Deep integration: decided by the province product manager."}
	case tier == "registered":
		return "managed", fault.Words{Zh: "伙伴等级为注册级，由省产品经理审批。", En: "The partner's tier is registered: decided by the province product manager."}
	}
	return "certified_type", fault.Words{Zh: "后续版本、伙伴等级达标：机器检查与测试通过即认证，无需产品经理。", En: "A later version of a partner in good standing: certified when machine checks and tests pass, no product manager needed."}
}
