package app

import (
	"ecoport/app/platform/fault"
	"ecoport/tenants/notice"
)

// Notices is the one page that says who hears of what, what is asked of them,
// and by when. A row that needs somebody is closed by itself when the record
// moves on.
var Notices = []notice.Rule{
	// partners
	needs("partner.apply", notice.Province, "partner:vet", 5, "/partners/{id}", "{label} 提交了入驻申请，请审核", "{label} has applied; please review", "under_review"),
	needs("partner.request_info", notice.Partner, "partner:apply", 5, "/partner", "{tenant} 要求补充入驻材料", "{tenant} asks for more documents"),
	info("partner.approve", notice.Partner, "partner:write", "/partner", "入驻申请已通过，可以开始合作了", "Your application is approved"),
	info("partner.reject", notice.Partner, "partner:write", "/partner", "入驻申请没有通过，原因见详情", "Your application was rejected; see why"),
	needs("partner.contest", notice.Province, "partner:vet", 5, "/partners/{id}", "{label} 对入驻决定提出申诉，请由另一位审核人处理", "{label} contests the rejection; another reviewer must answer"),
	info("partner.overturn", notice.Partner, "partner:write", "/partner", "申诉成立，入驻已通过", "Your contest succeeded: you are admitted"),
	info("partner.uphold", notice.Partner, "partner:write", "/partner", "申诉未成立，维持原决定，理由见详情", "The rejection stands; see why"),
	needs("partner_document.remind_60", notice.Partner, "partner:write", 30, "/partner", "{label}将在 60 天内到期，请更新", "{label} expires within 60 days; renew it"),
	needs("partner_document.remind_30", notice.Partner, "partner:write", 15, "/partner", "{label}将在 30 天内到期，请更新", "{label} expires within 30 days; renew it"),
	needs("partner_document.remind_7", notice.Partner, "partner:write", 3, "/partner", "{label}将在 7 天内到期，到期后会暂停上架，请立即更新", "{label} expires within 7 days, which stops your listings; renew it now"),
	needs("partner_document.expire", notice.Partner, "partner:write", 1, "/partner", "{label}已过期，请立即更新", "{label} has expired; renew it now"),
	info("partner.lapse", notice.Partner, "partner:write", "/partner", "必备证照已过期，上架资格已暂停，更新后自动恢复", "A required document has expired: you may not list until it is renewed"),
	info("partner.lapse", notice.Province, "partner:vet", "/partners/{id}", "{label} 的必备证照已过期，上架资格已暂停", "A required document of {label} has expired: it may not list"),
	info("partner.restore", notice.Partner, "partner:write", "/partner", "证照已更新，上架资格已恢复", "Your documents are valid again: you may list"),
	info("partner.suspend", notice.Partner, "partner:write", "/partner", "合作已被暂停，原因见详情", "The cooperation is suspended; see why"),
	info("partner.resume", notice.Partner, "partner:write", "/partner", "合作已恢复", "The cooperation goes on"),
	info("partner.terminate", notice.Partner, "partner:write", "/partner", "合作已终止，原因见详情", "The cooperation has ended; see why"),

	// certification
	needs("certification.open_tests", notice.Province, "certification:test", 3, "/certifications/{id}", "{label} 等待测试", "{label} waits to be tested"),
	needs("certification.resubmit", notice.Province, "certification:test", 3, "/certifications/{id}", "{label} 已按要求修改，请复测", "{label} was changed as asked; please test again"),
	needs("certification.finish_tests", notice.Province, "certification:approve", 5, "/certifications/{id}", "{label} 测试完成，请审核", "{label} is tested; please decide"),
	needs("certification.request_changes", notice.Partner, "solution:submit", 10, "/certifications/{id}", "{label} 需要修改，请查看问题", "{label} needs changes; see the findings"),
	needs("certification.return_intake", notice.Partner, "solution:submit", 10, "/certifications/{id}", "{label} 未通过受理检查，请补正", "{label} did not pass intake; please correct it"),
	info("certification.approve", notice.Partner, "solution:submit", "/certifications/{id}", "{label} 通过认证", "{label} is certified"),
	info("certification.certify_type", notice.Partner, "solution:submit", "/certifications/{id}", "{label} 通过认证", "{label} is certified"),
	info("certification.reject", notice.Partner, "solution:submit", "/certifications/{id}", "{label} 没有通过认证，原因见详情", "{label} was rejected; see why"),

	// listings
	needs("listing.submit", notice.Owner, "listing:approve", 3, "/listings/{id}", "{label} 申请上架，请审批", "{label} waits for listing approval"),
	info("listing.approve", notice.Partner, "solution:write", "/listings/{id}", "{label} 已上架", "{label} is on sale"),
	info("listing.return", notice.Owner, "listing:write", "/listings/{id}", "{label} 的上架申请被退回，原因见详情", "The listing of {label} was returned; see why"),
	info("listing.suspend", notice.Partner, "solution:write", "/listings/{id}", "{label} 已被暂停销售，原因见详情", "{label} is suspended; see why"),
	info("listing.halt", notice.Partner, "solution:write", "/listings/{id}", "{label} 已自动暂停销售，原因见详情", "{label} was suspended automatically; see why"),
	info("listing.resume", notice.Partner, "solution:write", "/listings/{id}", "{label} 恢复销售", "{label} is on sale again"),

	// deals
	needs("deal.register", notice.City, "deal:review", 2, "/deals/{id}", "{tenant} 报备了商机 {label}，请审核", "{tenant} registered {label}; please review", "under_review"),
	informs("deal.approve", "register", "deal:register", "/deals/{id}", "商机 {label} 已受保护", "{label} is protected"),
	informs("deal.reject", "register", "deal:register", "/deals/{id}", "商机 {label} 没有通过，原因见详情", "{label} was rejected; see why"),
	informs("deal.expire", "register", "deal:register", "/deals/{id}", "商机 {label} 的保护期已到", "The protection of {label} has ended"),

	// orders
	needs("order.submit", notice.City, "order:accept", 2, "/orders/{id}", "{tenant} 提交了订单 {label}，请受理", "{tenant} submitted {label}; please accept"),
	needs("order.deliver", notice.City, "order:acceptance", 5, "/orders/{id}", "订单 {label} 已交付，请组织业务验收", "{label} is delivered; please record the acceptance"),
	informs("order.accept", "submit", "order:submit", "/orders/{id}", "订单 {label} 已受理", "{label} is accepted"),
	informs("order.cancel", "submit", "order:submit", "/orders/{id}", "订单 {label} 已取消，原因见详情", "{label} is cancelled; see why"),
	informs("order.record_acceptance", "submit", "order:submit", "/orders/{id}", "订单 {label} 已验收，业务开始运行", "{label} is accepted by the customer and runs"),
	needs("delivery.assign", notice.Partner, "delivery:work", 3, "/deliveries/{id}", "新的交付任务 {label}，请开始", "New delivery {label}; please start", "in_progress"),

	// tickets
	needs("ticket.raise", notice.Partner, "ticket:work", 1, "/tickets/{id}", "{tenant} 提交了工单 {label}，请接单", "{tenant} raised {label}; please take it"),
	needs("ticket.answer", notice.Partner, "ticket:work", 1, "/tickets/{id}", "工单 {label} 已有答复，请继续处理", "{label} is answered; please go on"),
	needs("ticket.reopen", notice.Partner, "ticket:work", 1, "/tickets/{id}", "工单 {label} 未解决，已重新打开", "{label} is not solved and was reopened"),
	asks("ticket.ask_customer", "raise", "ticket:open", 2, "/tickets/{id}", "工单 {label} 需要客户补充信息，请向客户了解后答复", "{label} needs something from the customer; please ask and answer"),
	asks("ticket.ask_operator", "raise", "ticket:open", 1, "/tickets/{id}", "工单 {label} 需要我方处理，请答复", "{label} needs something from us; please answer"),
	asks("ticket.resolve", "raise", "ticket:open", 5, "/tickets/{id}", "工单 {label} 已解决，请与客户确认", "{label} is solved; please confirm with the customer"),
	informs("ticket.reply", "raise", "ticket:open", "/tickets/{id}", "伙伴在工单 {label} 中留言", "The supplier wrote in {label}"),
	info("ticket.message", notice.Partner, "ticket:work", "/tickets/{id}", "{tenant} 在工单 {label} 中留言", "{tenant} wrote in {label}"),
	info("ticket.settle", notice.Partner, "ticket:work", "/tickets/{id}", "工单 {label} 已由运营方解决", "{label} was solved by the operator"),
	info("ticket.close", notice.Partner, "ticket:work", "/tickets/{id}", "客户已确认工单 {label} 解决", "The customer confirmed {label}"),
	info("ticket.cancel", notice.Partner, "ticket:work", "/tickets/{id}", "工单 {label} 已撤销，原因见详情", "{label} was taken back; see why"),
	info("ticket.late_response", notice.Partner, "ticket:read", "/tickets/{id}", "工单 {label} 首次响应超时，请立即接单", "{label} is not answered in time; take it now"),
	info("ticket.late_response", notice.City, "ticket:close", "/tickets/{id}", "工单 {label} 首次响应超时，请催办", "{label} is not answered in time; please press for it"),
	info("ticket.late_response", notice.Province, "ticket:close", "/tickets/{id}", "工单 {label} 首次响应超时，请催办", "{label} is not answered in time; please press for it"),
	info("ticket.late_resolution", notice.Partner, "ticket:read", "/tickets/{id}", "工单 {label} 解决超时，请尽快处理", "{label} is not solved in time; please hurry"),
	info("ticket.late_resolution", notice.City, "ticket:close", "/tickets/{id}", "工单 {label} 解决超时，请催办", "{label} is not solved in time; please press for it"),
	info("ticket.late_resolution", notice.Province, "ticket:close", "/tickets/{id}", "工单 {label} 解决超时，请催办", "{label} is not solved in time; please press for it"),
	info("ticket.late_twice", notice.Partner, "ticket:read", "/tickets/{id}", "工单 {label} 用时已超承诺一倍，请立即处理", "{label} takes twice as long as promised; act now"),
	info("ticket.late_twice", notice.City, "ticket:close", "/tickets/{id}", "工单 {label} 用时已超承诺一倍，请立即协调", "{label} takes twice as long as promised; please step in"),
	info("ticket.late_twice", notice.Province, "ticket:close", "/tickets/{id}", "工单 {label} 用时已超承诺一倍，请立即协调", "{label} takes twice as long as promised; please step in"),

	// money
	needs("statement.issue", notice.Partner, "statement:confirm", 5, "/statements/{id}", "对账单 {label} 已发出，请确认或提出异议", "Statement {label} is issued; confirm or dispute it"),
	needs("commission_line.dispute", notice.Province, "statement:issue", 5, "/commission/lines/{id}", "{tenant} 对 {label} 提出异议，请处理", "{tenant} disputes {label}; please settle"),
	info("commission_line.settle_dispute", notice.Partner, "statement:confirm", "/commission/lines/{id}", "{label} 的异议已处理", "The dispute of {label} is settled"),
	needs("plan.submit", notice.Province, "plan:check", 3, "/plans/{id}", "酬金方案 {label} 等待复核", "Commission plan {label} waits to be checked"),
	informs("plan.publish", "submit", "plan:make", "/plans/{id}", "酬金方案 {label} 已发布", "Commission plan {label} is published"),
	informs("plan.reject", "submit", "plan:make", "/plans/{id}", "酬金方案 {label} 被退回，原因见详情", "Commission plan {label} was returned; see why"),
	needs("period.calculated", notice.Province, "statement:issue", 3, "/periods", "{label} 月度酬金计算完成，请核对并发出对账单", "{label} is calculated; check it and issue statements"),

	// the own house
	info("member.join", notice.Owner, "member:write", "/members", "{actor} 接受邀请加入了本单位", "{actor} accepted the invitation and joined"),
	needs("mail_domain.miss", notice.Owner, "provider:write", 2, "/providers", "找不到 {label} 的域名验证记录，连续 3 天找不到会停止用它登录", "The record that proves {label} is missing; after 3 days in a row nobody signs in by it"),
	needs("mail_domain.unprove", notice.Owner, "provider:write", 1, "/providers", "{label} 的域名验证已失效，成员暂时只能用密码登录", "{label} is no longer proven; its people sign in by password only"),
	needs("webhook.warn", notice.Owner, "webhook:write", 1, "/webhooks/{id}", "发往 {label} 的通知连续失败，请检查对方系统", "Deliveries to {label} keep failing; check the receiver"),
	needs("webhook.disable", notice.Owner, "webhook:write", 3, "/webhooks/{id}", "发往 {label} 的 Webhook 因连续失败已停用", "The webhook to {label} was switched off after failures in a row"),
}

func rule(act string, to notice.Audience, permission, kind, link, zh, en string) notice.Rule {
	resource, action := cut(act)
	return notice.Rule{Resource: resource, Action: action, To: to, Permission: permissionOf(permission), Kind: kind, Words: fault.Words{Zh: zh, En: en}, Link: link}
}

// needs asks somebody to act within working days; while are further states in
// which it is still to be done.
func needs(act string, to notice.Audience, permission string, due int, link, zh, en string, while ...string) notice.Rule {
	r := rule(act, to, permission, notice.Needs, link, zh, en)
	r.Due, r.While = due, while
	return r
}

// asks is needs for the person who did the named act on the record.
func asks(act, did, permission string, due int, link, zh, en string) notice.Rule {
	r := needs(act, notice.Doer, permission, due, link, zh, en)
	r.Did = did
	return r
}

// info tells somebody.
func info(act string, to notice.Audience, permission, link, zh, en string) notice.Rule {
	return rule(act, to, permission, notice.Info, link, zh, en)
}

// informs tells the person who did the named act on the record.
func informs(act, did, permission, link, zh, en string) notice.Rule {
	r := rule(act, notice.Doer, permission, notice.Info, link, zh, en)
	r.Did = did
	return r
}
