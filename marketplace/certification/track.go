package certification

import (
	"slices"

	"ecoport/app/platform/fault"
)

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
