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
	needs("partner.renew", notice.Province, "partner:vet", 3, "/partners/{id}", "{label} 更新了证照，请复核", "{label} renewed a document; please look at it", "active", "suspended"),
	needs("partner_document.refuse", notice.Partner, "partner:write", 3, "/partner", "更新的{label}没有通过复核，原因见详情，请重新上传", "The renewed {label} was refused; see why and upload another"),
	info("partner_document.accept", notice.Partner, "partner:write", "/partner", "更新的{label}已通过复核", "The renewed {label} was accepted"),
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
	info("tier_evaluation.warn_tier", notice.Partner, "partner:write", "/partner", "上季度的表现低于现等级，再有一个季度将提出下调，差距见详情", "Last quarter was below your tier; another one and a move down is proposed. See what is missing"),
	info("tier_evaluation.warn_tier", notice.Province, "tier:decide", "/tiers", "{label} 上季度低于现等级，已预警", "{label} was below its tier last quarter and has been warned"),
	needs("tier_move.propose_tier", notice.Province, "tier:decide", 10, "/tiers", "{label} 的等级调整等待决定", "A move of {label} from tier to tier waits to be decided"),
	info("tier_move.accept_tier", notice.Partner, "partner:write", "/partner", "合作等级已调整", "Your tier has changed"),
	info("tier_formula.propose_formula", notice.Province, "tier:decide", "/tiers", "等级评分公式 {label} 开始静默试算，可查看对比", "Formula {label} has begun its silent trial; see what it would change"),
	info("tier_evaluation.foretell_tier", notice.Partner, "partner:write", "/partner", "正在试算的新评分公式会使贵司的等级结果不同，请查看；试算期内可以提出异议", "By a formula on trial your tier would come out otherwise; look at it, you can object while it runs"),
	needs("quote.ask_discount_city", notice.City, "quote:approve", 2, "/quotes/{id}", "报价 {label} 的优惠超出销售权限，请审批", "The discount of quote {label} is past the seller's limit; please decide", "pending"),
	needs("quote.ask_discount_province", notice.Province, "quote:approve", 2, "/quotes/{id}", "报价 {label} 的优惠须省公司审批", "The discount of quote {label} takes the province's word; please decide", "pending"),
	informs("quote.approve_discount", "create", "quote:write", "/quotes/{id}", "报价 {label} 的优惠审批有进展", "The discount of quote {label} was approved"),
	informs("quote.return_discount", "create", "quote:write", "/quotes/{id}", "报价 {label} 的优惠被退回，原因见详情", "The discount of quote {label} was returned; see why"),
	informs("quote.customer_asks", "share_quote", "quote:write", "/quotes/{id}", "客户对报价 {label} 提问，请答复", "The customer asks about quote {label}; please answer"),
	informs("quote.customer_accepts", "share_quote", "quote:write", "/quotes/{id}", "客户接受了报价 {label}，可以下单了", "The customer accepted quote {label}; you can order it"),
	needs("tier_objection.make_objection", notice.Province, "tier:decide", 10, "/tiers", "{label} 对试算中的评分公式提出异议，请答复", "{label} objects to the formula on trial; please answer"),
	info("tier_objection.uphold_objection", notice.Partner, "partner:write", "/partner", "贵司对评分公式的异议成立，公式将重新拟定", "Your objection to the formula is upheld; it will be drafted anew"),
	info("tier_objection.dismiss_objection", notice.Partner, "partner:write", "/partner", "贵司对评分公式的异议已答复，理由见详情", "Your objection to the formula is answered; see why it stays"),
	info("tier_objection.lapse_objection", notice.Partner, "partner:write", "/partner", "贵司有异议的评分公式已退回，不会发布", "The formula you objected to was returned and will not be published"),
	info("exposure.grow", notice.Partner, "partner:write", "/partner", "可同时开展的业务上限提高了", "Your limits have grown"),
	info("exposure.shrink", notice.Partner, "partner:write", "/partner", "可同时开展的业务上限收紧了，原因见详情", "Your limits have shrunk; see why"),

	info("deal_check.fish", notice.Province, "partner:vet", "/partners/{id}", "{label} 大量查询客户是否可报备，却很少报备，请了解情况", "{label} asks whether very many customers are free and registers few; please look into it"),
	info("deal_check.fish", notice.Partner, "partner:write", "/partner", "贵司的客户查询已达上限，并计入预警；请只查询将要报备的客户", "Your firm has reached the limit of customer checks, which counts as an alert; check only customers you mean to register"),

	// certification
	needs("certification.open_tests", notice.Province, "certification:test", 3, "/certifications/{id}", "{label} 等待测试", "{label} waits to be tested"),
	needs("certification.resubmit", notice.Province, "certification:test", 3, "/certifications/{id}", "{label} 已按要求修改，请复测", "{label} was changed as asked; please test again"),
	needs("certification.finish_tests", notice.Province, "certification:approve", 5, "/certifications/{id}", "{label} 测试完成，请审核", "{label} is tested; please decide", "asked", "answered"),
	needs("certification.ask_question", notice.Partner, "solution:submit", 3, "/certifications/{id}", "审核人就 {label} 向贵司提问，请答复；答复前计时算在贵司一侧", "The approver asks about {label}; please answer, your clock runs until then", "in_review"),
	informs("certification.answer_question", "ask_question", "certification:approve", "/certifications/{id}", "{tenant} 已答复关于 {label} 的提问", "{tenant} has answered your question on {label}"),
	needs("certification.ask_opinion", notice.Addressee, "certification:read", 2, "/certifications/{id}", "{actor} 想听听您对 {label} 的意见", "{actor} wants your opinion on {label}", "in_review"),
	informs("certification.answer_opinion", "ask_opinion", "certification:approve", "/certifications/{id}", "{actor} 已就 {label} 答复意见", "{actor} has given an opinion on {label}"),
	needs("certification.ask_hand_over", notice.Addressee, "certification:approve", 3, "/certifications/{id}", "{actor} 把 {label} 转交给您审核", "{actor} handed {label} over to you to decide", "in_review"),
	informs("certification.take_back_hand_over", "ask_hand_over", "certification:approve", "/certifications/{id}", "{label} 的转交已结束，回到审核队列", "The hand-over of {label} has ended; it is back in the queue"),
	needs("certification.request_changes", notice.Partner, "solution:submit", 10, "/certifications/{id}", "{label} 需要修改，请查看问题", "{label} needs changes; see the findings"),
	needs("certification.return_intake", notice.Partner, "solution:submit", 10, "/certifications/{id}", "{label} 未通过受理检查，请补正", "{label} did not pass intake; please correct it"),
	needs("certification.hand_back", notice.Province, "certification:test", 1, "/certifications/{id}", "{label} 已交回队列，请领取继续测试", "{label} is back in the queue; please take it on"),
	needs("certification.assign", notice.Addressee, "certification:test", 2, "/certifications/{id}", "{actor} 把 {label} 分派给您测试", "{actor} gave you {label} to test"),
	info("certification.stop", notice.Partner, "solution:submit", "/certifications/{id}", "{label} 的认证时钟已停，原因见详情", "The clock of {label} is stopped; see why"),
	info("certification.restart", notice.Partner, "solution:submit", "/certifications/{id}", "{label} 的认证时钟已恢复", "The clock of {label} goes on"),
	info("certification.late_stage", notice.Province, "certification:approve", "/certifications/{id}", "{label} 有环节超出预算，请协调", "A stage of {label} is over its budget; please step in"),
	info("certification.late_stage", notice.Province, "certification:test", "/certifications/{id}", "{label} 有环节超出预算，请尽快完成", "A stage of {label} is over its budget; please finish it"),
	info("certification.late_case", notice.Province, "certification:approve", "/certifications/{id}", "{label} 已超出 30 个工作日的承诺，请立即协调", "{label} is over the promised 30 working days; step in now"),
	info("certification.late_case", notice.Province, "certification:test", "/certifications/{id}", "{label} 已超出 30 个工作日的承诺，请立即完成", "{label} is over the promised 30 working days; finish it now"),
	info("certification.late_case", notice.Partner, "solution:submit", "/certifications/{id}", "{label} 的认证超出承诺时间，已自动上报", "{label} is later than promised; this was escalated by itself"),
	info("certification.approve", notice.Partner, "solution:submit", "/certifications/{id}", "{label} 通过认证", "{label} is certified"),
	info("certification.certify_light", notice.Partner, "solution:submit", "/certifications/{id}", "{label} 的改动不影响测试内容，已由机器通过", "The change of {label} touches nothing that is tested and was passed by machine"),
	info("certification.certify_light", notice.Province, "certification:approve", "/certifications/{id}", "{label} 的改动由机器通过，可以抽查", "A change of {label} was passed by machine; look at it if you like"),
	info("certification.certify_type", notice.Partner, "solution:submit", "/certifications/{id}", "{label} 通过认证", "{label} is certified"),
	info("certification.reject", notice.Partner, "solution:submit", "/certifications/{id}", "{label} 没有通过认证，原因见详情", "{label} was rejected; see why"),

	info("certification.impose_condition", notice.Partner, "solution:submit", "/certifications/{id}", "{label} 有条件通过，请按期完成条件", "{label} passed under a condition; meet it in time"),
	info("certification.exempt", notice.Partner, "solution:submit", "/certifications/{id}", "{label} 的一项检查已豁免，期限见详情", "A check of {label} is exempted; see until when"),
	info("certification.end_exemption", notice.Partner, "solution:submit", "/certifications/{id}", "{label} 的一项豁免已收回，原因见详情", "An exemption of {label} was taken back; see why"),
	info("certification.exemption_ending", notice.Partner, "solution:submit", "/certifications/{id}", "{label} 的一项豁免 30 天内到期，请准备测试", "An exemption of {label} ends within 30 days; get ready for the test"),
	info("certification.exemption_ending", notice.Province, "certification:approve", "/certifications/{id}", "{label} 的一项豁免 30 天内到期", "An exemption of {label} ends within 30 days"),
	info("certification.exemption_ended", notice.Partner, "solution:submit", "/certifications/{id}", "{label} 的一项豁免已到期，下一次认证须测试", "An exemption of {label} has ended; the next certification tests it"),
	info("certification.fulfil", notice.Province, "certification:approve", "/certifications/{id}", "{label} 的条件已提交证据，请确认", "Evidence for a condition of {label} is in; please decide"),
	info("certification.accept_condition", notice.Partner, "solution:submit", "/certifications/{id}", "{label} 的一项条件已确认完成", "A condition of {label} is met"),
	info("certification.return_condition", notice.Partner, "solution:submit", "/certifications/{id}", "{label} 的条件证据被退回，原因见详情", "Evidence for a condition of {label} was returned; see why"),
	info("certification.condition_due", notice.Partner, "solution:submit", "/certifications/{id}", "{label} 有条件即将到期，请提交证据", "A condition of {label} is due soon; hand in the evidence"),
	info("certification.condition_overdue", notice.Partner, "solution:submit", "/certifications/{id}", "{label} 的条件已逾期，5 个工作日后证书将暂停", "A condition of {label} is overdue; the certificate is suspended after 5 working days"),
	info("certification.condition_overdue", notice.Province, "certification:approve", "/certifications/{id}", "{label} 的条件已逾期", "A condition of {label} is overdue"),
	info("certification.suspend_certificate", notice.Partner, "solution:submit", "/certifications/{id}", "{label} 的证书已暂停，原因见详情", "The certificate of {label} is suspended; see why"),
	info("certification.suspend_certificate", notice.Province, "certification:approve", "/certifications/{id}", "{label} 的证书因条件逾期自动暂停", "The certificate of {label} was suspended for an overdue condition"),
	info("certification.reinstate", notice.Partner, "solution:submit", "/certifications/{id}", "{label} 的证书已恢复", "The certificate of {label} is in force again"),
	info("certification.certificate_ending", notice.Partner, "solution:submit", "/certifications/{id}", "{label} 的证书即将到期，请提交新版本或重新认证", "The certificate of {label} ends soon; certify a newer version"),
	info("certification.expire", notice.Partner, "solution:submit", "/certifications/{id}", "{label} 的证书已到期，相关上架已暂停", "The certificate of {label} has ended; its listings are suspended"),
	info("certification.expire", notice.Province, "certification:approve", "/certifications/{id}", "{label} 的证书已到期", "The certificate of {label} has ended"),
	info("certification.revoke", notice.Partner, "solution:read", "/certifications/{id}", "{label} 的证书已撤销，原因见详情", "The certificate of {label} is revoked; see why"),
	needs("certification_plan.edit", notice.Province, "certification:plan_check", 3, "/certification-plans/{id}", "测试方案 {label} 有改动，请复核发布", "Test plan {label} was changed; please check and publish"),
	info("certification_plan.publish", notice.Province, "certification:plan_make", "/certification-plans/{id}", "测试方案 {label} 已发布", "Test plan {label} is published"),

	// listings
	needs("listing.submit", notice.Company, "listing:approve", 3, "/listings/{id}", "{label} 申请上架，请审批", "{label} waits for listing approval", "asked", "answered"),
	needs("listing.ask_question", notice.Partner, "solution:submit", 3, "/listings/{id}", "审批人就 {label} 的上架向贵司提问，请答复", "The approver asks about the listing of {label}; please answer", "pending_approval"),
	informs("listing.answer_question", "ask_question", "listing:approve", "/listings/{id}", "{tenant} 已答复关于 {label} 的提问", "{tenant} has answered your question on {label}"),
	needs("listing.ask_opinion", notice.Addressee, "listing:read", 2, "/listings/{id}", "{actor} 想听听您对 {label} 上架的意见", "{actor} wants your opinion on listing {label}", "pending_approval"),
	informs("listing.answer_opinion", "ask_opinion", "listing:approve", "/listings/{id}", "{actor} 已就 {label} 答复意见", "{actor} has given an opinion on {label}"),
	needs("listing.ask_hand_over", notice.Addressee, "listing:approve", 3, "/listings/{id}", "{actor} 把 {label} 的上架转交给您审批", "{actor} handed the approval of {label} over to you", "pending_approval"),
	informs("listing.take_back_hand_over", "ask_hand_over", "listing:approve", "/listings/{id}", "{label} 的转交已结束，回到审批队列", "The hand-over of {label} has ended; it is back in the queue"),
	info("listing.approve", notice.Partner, "solution:write", "/listings/{id}", "{label} 已上架", "{label} is on sale"),
	info("listing.schedule", notice.Partner, "solution:write", "/listings/{id}", "{label} 已批准，将按约定日期上架", "{label} is approved and goes on sale on the day agreed"),
	info("listing.publish", notice.Partner, "solution:write", "/listings/{id}", "{label} 已按日期上架", "{label} is on sale as agreed"),
	info("listing.publish_now", notice.Partner, "solution:write", "/listings/{id}", "{label} 已提前上架", "{label} is on sale, earlier than agreed"),
	info("listing.hold_back", notice.Company, "listing:write", "/listings/{id}", "{label} 到期未能上架，已退回草稿，原因见详情", "{label} could not go on sale on its day and is a draft again; see why"),
	info("listing.hold_back", notice.Partner, "solution:write", "/listings/{id}", "{label} 到期未能上架，原因见详情", "{label} could not go on sale on its day; see why"),
	info("listing.show_before", notice.City, "listing:write", "/market/{id}", "{tenant} 邀请贵市预览即将上市的 {label}", "{tenant} shows your city {label} before it goes on sale"),
	info("listing.retire", notice.Partner, "solution:write", "/listings/{id}", "{label} 已下架，支撑期见详情", "{label} is off sale; see until when it is supported"),
	info("listing.return", notice.Company, "listing:write", "/listings/{id}", "{label} 的上架申请被退回，原因见详情", "The listing of {label} was returned; see why"),
	info("listing.suspend", notice.Partner, "solution:write", "/listings/{id}", "{label} 已被暂停销售，原因见详情", "{label} is suspended; see why"),
	info("listing.halt", notice.Partner, "solution:write", "/listings/{id}", "{label} 已自动暂停销售，原因见详情", "{label} was suspended automatically; see why"),
	info("listing.resume", notice.Partner, "solution:write", "/listings/{id}", "{label} 恢复销售", "{label} is on sale again"),

	needs("overlay.drift", notice.City, "listing:write", 10, "/overlays/{id}", "省公司改动了 {label} 的上架，请决定本地调整怎么跟", "The province changed {label}; decide how your city follows", "drifting"),
	info("overlay.drift_late", notice.Province, "listing:approve", "/overlays/{id}", "{label} 的改动本市逾期未决定，请协调", "{label}: the city has not decided on the change in time; please step in"),
	info("overlay.drift_late", notice.City, "listing:write", "/overlays/{id}", "{label} 的改动逾期未决定，已上报省公司", "{label}: your decision is late and the province was told"),

	// trials
	needs("trial.ask", notice.Partner, "solution:write", 2, "/trials", "{tenant} 的 {actor} 申请试用 {label}，请处理", "{actor} of {tenant} asks to try {label}; please decide"),
	informs("trial.grant", "ask", "market:read", "/market", "您可以试用 {label} 了", "You can try {label} now"),
	informs("trial.refuse", "ask", "market:read", "/market", "{label} 的试用申请未获同意，原因见详情", "Your trial of {label} was refused; see why"),
	informs("trial.withdraw", "ask", "market:read", "/market", "{label} 的试用已提前结束，原因见详情", "Your trial of {label} was ended early; see why"),

	// graduation
	needs("graduation.nominate", notice.Province, "graduation:decide", 5, "/graduations/{id}", "{tenant} 提名 {label} 升级为全省产品，请决定是否开始试点", "{tenant} nominated {label} for the whole province; decide on pilots"),
	info("graduation.invite", notice.City, "graduation:pilot", "/graduations/{id}", "{label} 正在征集试点城市，欢迎报名", "{label} looks for cities to pilot it; volunteer if it suits you"),
	info("graduation.volunteer", notice.Province, "graduation:decide", "/graduations/{id}", "{tenant} 报名试点 {label}", "{tenant} pilots {label}"),
	info("graduation.leave_pilot", notice.Province, "graduation:decide", "/graduations/{id}", "{tenant} 退出 {label} 的试点，原因见详情", "{tenant} left the pilots of {label}; see why"),
	info("graduation.ask_comment", notice.City, "graduation:comment", "/graduations/{id}", "{label} 进入评估，正在征求各市意见", "{label} is being evaluated; your comment is wanted"),
	info("graduation.start_evaluation", notice.City, "graduation:comment", "/graduations/{id}", "贵市提名的 {label} 进入评估", "{label}, which you nominated, is being evaluated"),
	needs("graduation.comments_end", notice.Province, "graduation:decide", 5, "/graduations/{id}", "{label} 的征求意见期已结束，请作出决定", "Comments on {label} have ended; please decide"),
	informs("graduation.graduate", "nominate", "graduation:nominate", "/graduations/{id}", "贵市提名的 {label} 已升级为全省产品", "{label}, which you nominated, is a product of the province now"),
	info("graduation.graduate", notice.Partner, "solution:write", "/graduations/{id}", "{label} 已升级为全省产品", "{label} is a product of the whole province now"),
	informs("graduation.return", "nominate", "graduation:nominate", "/graduations/{id}", "贵市提名的 {label} 被退回，要改进的事项见详情", "{label} was returned; see what to improve"),
	info("graduation.return", notice.Partner, "solution:write", "/graduations/{id}", "{label} 的全省升级被退回，要改进的事项见详情", "The graduation of {label} was returned; see what to improve"),
	info("graduation.withdraw", notice.Province, "graduation:decide", "/graduations/{id}", "{tenant} 撤回了 {label} 的提名", "{tenant} withdrew {label}"),
	info("graduation.demote", notice.Partner, "solution:write", "/graduations/{id}", "{label} 改由保留的城市销售，原因见详情", "{label} is sold in the cities that keep it only; see why"),
	info("graduation.archive", notice.Partner, "solution:write", "/graduations/{id}", "{label} 已归档停售，原因见详情", "{label} is archived; see why"),
	needs("rollout.roll_out", notice.City, "rollout:answer", 10, "/rollouts", "{label} 已可在本市销售，请答复采用、暂缓或不采用", "{label}: say whether your city adopts it, later, or not"),
	needs("rollout.consult", notice.City, "rollout:answer", 10, "/rollouts", "{label} 拟退出全省销售，请答复本市是否保留", "{label} may leave the province: say whether your city keeps it"),
	needs("rollout.reopen", notice.City, "rollout:answer", 10, "/rollouts", "{label} 暂缓到期，请答复采用、再暂缓或不采用", "{label}: the day you put it off to has come; say yes, later again, or no"),
	info("rollout.late", notice.City, "rollout:answer", "/rollouts", "{label} 的推广任务已逾期，请尽快答复", "The answer on {label} is late; please give it"),
	needs("threshold.propose", notice.Province, "threshold:publish", 3, "/thresholds", "{label} 的升级门槛有新版本，请复核发布", "New thresholds for {label}; please check and publish"),
	informs("threshold.publish", "propose", "threshold:propose", "/thresholds", "{label} 的升级门槛已发布", "The thresholds for {label} are published"),
	informs("threshold.return", "propose", "threshold:propose", "/thresholds", "{label} 的升级门槛被退回，原因见详情", "The thresholds for {label} were returned; see why"),

	// deals
	needs("deal.register", notice.City, "deal:review", 2, "/deals/{id}", "{tenant} 报备了商机 {label}，请审核", "{tenant} registered {label}; please review", "under_review"),
	informs("deal.approve", "register", "deal:register", "/deals/{id}", "商机 {label} 已受保护", "{label} is protected"),
	informs("deal.reject", "register", "deal:register", "/deals/{id}", "商机 {label} 没有通过，原因见详情", "{label} was rejected; see why"),
	informs("deal.remind_7", "register", "deal:register", "/deals/{id}", "商机 {label} 的保护期还有 7 天", "The protection of {label} ends within 7 days"),
	informs("deal.remind_3", "register", "deal:register", "/deals/{id}", "商机 {label} 的保护期还有 3 天，可申请延期", "The protection of {label} ends within 3 days; ask for more if there is progress"),
	informs("deal.remind_1", "register", "deal:register", "/deals/{id}", "商机 {label} 的保护期明天结束", "The protection of {label} ends within a day"),
	informs("deal.decay", "register", "deal:register", "/deals/{id}", "商机 {label} 30 天没有进展，保护期缩短到 14 天；更新阶段即可恢复", "{label} has not moved for 30 days and is protected for 14 days only; report progress to get it back"),
	informs("deal.expire", "register", "deal:register", "/deals/{id}", "商机 {label} 的保护期已到", "The protection of {label} has ended"),

	info("deal.product_withdrawn", notice.Partner, "deal:register", "/deals/{id}", "商机 {label} 中的产品失去认证，请与客户沟通", "What {label} is about lost its certificate; talk to the customer"),
	info("deal.product_withdrawn", notice.City, "deal:review", "/deals/{id}", "商机 {label} 中的产品失去认证", "What {label} is about lost its certificate"),

	// orders
	info("order.product_retired", notice.City, "order:accept", "/orders/{id}", "客户在用产品已停售（{label}），支撑截止日见详情", "What runs at the customer is not sold any more ({label}); see until when it is supported"),
	info("order.product_retired", notice.Partner, "deal:register", "/orders/{id}", "您销售的产品已停售（{label}），支撑截止日见详情", "What you sold is off sale ({label}); see until when it is supported"),
	info("order.product_support_60", notice.City, "order:accept", "/orders/{id}", "{label} 的产品支撑 60 天内到期，请与客户安排替换", "Support of {label} ends within 60 days; plan the change with the customer"),
	info("order.product_support_30", notice.City, "order:accept", "/orders/{id}", "{label} 的产品支撑 30 天内到期，请与客户安排替换", "Support of {label} ends within 30 days; plan the change with the customer"),
	info("order.product_support_7", notice.City, "order:accept", "/orders/{id}", "{label} 的产品支撑 7 天内到期，请立即与客户安排替换", "Support of {label} ends within 7 days; plan the change now"),
	info("order.product_support_ended", notice.City, "order:accept", "/orders/{id}", "{label} 的产品支撑已到期", "Support of {label} has ended"),
	info("order.product_withdrawn", notice.City, "order:accept", "/orders/{id}", "客户在用产品失去认证（{label}），请与客户沟通", "What runs at the customer lost its certificate ({label}); talk to them"),
	info("order.product_withdrawn", notice.City, "deal:review", "/orders/{id}", "在用产品失去认证（{label}）", "A running product lost its certificate ({label})"),
	info("order.product_withdrawn", notice.Partner, "deal:register", "/orders/{id}", "您销售的产品失去认证（{label}），请与客户沟通", "What you sold lost its certificate ({label}); talk to the customer"),
	needs("order.submit", notice.City, "order:accept", 2, "/orders/{id}", "{tenant} 提交了订单 {label}，请受理", "{tenant} submitted {label}; please accept"),
	needs("order.deliver", notice.City, "order:acceptance", 5, "/orders/{id}", "订单 {label} 已交付，请组织业务验收", "{label} is delivered; please record the acceptance"),
	informs("order.accept", "submit", "order:submit", "/orders/{id}", "订单 {label} 已受理", "{label} is accepted"),
	informs("order.cancel", "submit", "order:submit", "/orders/{id}", "订单 {label} 已取消，原因见详情", "{label} is cancelled; see why"),
	informs("order.suspend_service", "submit", "order:submit", "/orders/{id}", "订单 {label} 的服务已暂停，原因见详情", "The service of {label} is suspended; see why"),
	informs("order.resume_service", "submit", "order:submit", "/orders/{id}", "订单 {label} 的服务已恢复", "The service of {label} goes on"),
	informs("order.end_service", "submit", "order:submit", "/orders/{id}", "订单 {label} 的服务已结束，原因见详情", "The service of {label} has ended; see why"),
	informs("order.record_acceptance", "submit", "order:submit", "/orders/{id}", "订单 {label} 已验收，业务开始运行", "{label} is accepted by the customer and runs"),
	info("group_purchase.open_group", notice.City, "quote:write", "/group-purchases", "团购「{label}」开始了，可邀请客户参加", "Group purchase {label} is open; invite your customers"),
	informs("quote.group_reached", "join_group", "quote:write", "/quotes/{id}", "团购已成团，报价 {label} 已按达到的档位更新，可以下单了", "The group was reached; quote {label} has its price and can be ordered"),
	asks("quote.group_missed", "join_group", "quote:write", 10, "/quotes/{id}", "团购没有达到报价 {label} 期望的档位，请与客户商定是否接受", "The group missed the step of quote {label}; agree with the customer whether to take part"),
	informs("quote.group_cancelled", "join_group", "quote:write", "/quotes/{id}", "报价 {label} 参加的团购已取消", "The group purchase of quote {label} was called off"),
	informs("order.replace", "submit", "order:submit", "/orders/{id}", "订单 {label} 已改单，由新的订单代替", "{label} was changed; another order takes its place"),
	info("order.term_60", notice.City, "order:accept", "/orders/{id}", "{label} 的合约 60 天内到期，请与客户商定续约", "The term of {label} ends within 60 days; agree on renewal with the customer"),
	info("order.term_30", notice.City, "order:accept", "/orders/{id}", "{label} 的合约 30 天内到期，请与客户商定续约", "The term of {label} ends within 30 days; agree on renewal with the customer"),
	info("order.term_7", notice.City, "order:accept", "/orders/{id}", "{label} 的合约 7 天内到期，之后按月继续", "The term of {label} ends within 7 days; it then runs on month by month"),
	informs("order.term_30", "submit", "order:submit", "/orders/{id}", "{label} 的合约 30 天内到期，可与客户谈续约", "The term of {label} ends within 30 days; talk to the customer about renewal"),
	informs("order.renew_service", "submit", "order:submit", "/orders/{id}", "{label} 的服务已续约", "The service of {label} is renewed"),
	needs("delivery.provisioning_failed", notice.Partner, "delivery:work", 1, "/deliveries/{id}", "{label} 有内容开通失败，请处理", "Something of {label} could not be provisioned; please look into it", "done"),
	needs("delivery.return", notice.Partner, "delivery:work", 3, "/deliveries/{id}", "{label} 的验收没有通过，请按原因整改后再移交", "The customer did not accept {label}; mend it as said and hand over again", "done"),
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
	info("commission_line.dispute_late", notice.Province, "statement:issue", "/commission/lines/{id}", "{label} 的异议超过 5 个工作日未处理，请尽快答复", "The dispute of {label} is not settled within 5 working days; please answer"),
	info("commission_line.answer_dispute", notice.Partner, "statement:confirm", "/commission/lines/{id}", "{label} 的异议有新的答复", "There is an answer in the dispute of {label}"),
	info("commission_line.add_to_dispute", notice.Province, "statement:issue", "/commission/lines/{id}", "{tenant} 补充了 {label} 的异议", "{tenant} added to the dispute of {label}"),
	info("commission_line.settle_dispute", notice.Partner, "statement:confirm", "/commission/lines/{id}", "{label} 的异议已处理", "The dispute of {label} is settled"),
	info("statement.approve", notice.Partner, "statement:read", "/statements/{id}", "对账单 {label} 已复核，等待付款", "Statement {label} is approved and waits to be paid"),
	info("statement.pay", notice.Partner, "statement:read", "/statements/{id}", "对账单 {label} 的款项已到账", "Statement {label} is paid"),
	needs("statement.bounce", notice.Partner, "payee:write", 3, "/payee", "对账单 {label} 的款项被银行退回，请核对收款账户", "The bank returned the payout of {label}; please check where you are paid", "approved"),
	needs("statement.return_invoice", notice.Partner, "statement:confirm", 3, "/statements/{id}", "对账单 {label} 的发票被退回，请重新登记", "An invoice of {label} was returned; register another", "confirmed"),
	needs("payout_batch.make_batch", notice.Province, "payout:check", 1, "/payouts/{id}", "付款批次 {label} 等待复核", "Payout batch {label} waits to be checked"),
	informs("payout_batch.check_batch", "make_batch", "payout:make", "/payouts/{id}", "付款批次 {label} 已复核，可以送银行", "Payout batch {label} is checked; send it to the bank"),
	informs("payout_batch.reject_batch", "make_batch", "payout:make", "/payouts/{id}", "付款批次 {label} 被退回，原因见详情", "Payout batch {label} was returned; see why"),
	informs("payout_batch.reconcile_batch", "make_batch", "payout:make", "/payouts/{id}", "付款批次 {label} 已全部对账", "Payout batch {label} is reconciled"),
	info("payee.save_payee", notice.Partner, "payee:write", "/payee", "{actor} 修改了本单位的收款账户", "{actor} changed where your firm is paid"),
	needs("commission_flag.raise_flag", notice.Province, "flag:propose", 5, "/flags/{id}", "{label} 的业务疑似套取酬金，请核查", "Business of {label} looks as if commission was gamed; please look into it"),
	needs("commission_flag.propose_uphold_flag", notice.Province, "flag:decide", 2, "/flags/{id}", "{label} 已提出处理意见，请决定", "There is a proposal about {label}; please decide", "proposed"),
	needs("commission_flag.propose_clear_flag", notice.Province, "flag:decide", 2, "/flags/{id}", "{label} 已提出处理意见，请决定", "There is a proposal about {label}; please decide", "proposed"),
	info("commission_line.found_against", notice.Partner, "statement:confirm", "/commission/lines/{id}", "{label} 经核查认定违规，不计酬，原因见详情", "{label} was found to break the rules and earns nothing; see why"),
	info("commission_line.found_for", notice.Partner, "statement:confirm", "/commission/lines/{id}", "{label} 核查完毕，没有问题，照常结算", "{label} was looked into and is fine; it is settled as usual"),
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
