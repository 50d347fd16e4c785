package demo

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/marketplace/care"
	"ecoport/marketplace/listing"
	"ecoport/tenants"
)

// troubles are what customers ask about.
var troubles = []struct{ category, severity, subject, description, asked, answer, solution string }{
	{"fault", "critical", "平台无法登录，全部座席停工", "今早 8 点 40 分起所有账号提示网关超时，影响 60 个座席，请立即排查。", "请提供出口 IP 和最近一次成功登录的时间。", "出口 IP 已发邮件，最后一次成功登录是昨天 21:10。", "网关证书到期，已更换并加上到期提醒，客户已验证可登录。"},
	{"fault", "major", "短信回执延迟超过半小时", "昨天下午起通知短信能收到，但回执要半小时以后才到，影响对账。", "请提供一批延迟短信的流水号。", "已导出 20 条流水号，附在邮件里。", "回执队列积压，已扩容并补发，延迟恢复到 5 秒内。"},
	{"usage", "minor", "新员工怎样批量开户", "人事部要给 120 名新员工开户，手册里没有找到批量导入的说明。", "请确认是否需要同时分配部门和角色。", "需要，部门表稍后提供。", "已提供导入模板并远程协助导入，120 个账号全部开通。"},
	{"change", "minor", "申请增加 30 个用户数", "业务扩张，需要在原合同基础上增加用户数，请告知办理方式。", "请确认增加的用户从哪个月开始计费。", "从下月 1 日开始。", "用户数已增加，费用从下月起调整。"},
	{"billing", "minor", "上月账单多收一项功能费", "上月账单里出现未订购的录音功能费，请核对。", "请提供账单编号。", "账单编号已补充在说明里。", "核对为重复计费，已在本月账单冲减。"},
	{"complaint", "major", "上门培训两次改期", "约定的现场培训已两次改期，客户不满意，请给出确定时间。", "请客户确认下周三或周四。", "客户选择下周三上午。", "培训已完成，客户签字确认，已指定固定联系人。"},
}

type running struct {
	ID, SupplierID uuid.UUID
	CityCode       string
	ActiveAt       time.Time
}

// standings is how the newest ticket of each service stands, in turn.
var standings = []string{"closed", "open", "late", "in_progress", "waiting_customer", "resolved", "waiting_operator", "closed", "reopened", "closed"}

// tickets raises what customers had to ask about their services.
func (l *Loader) tickets(ctx context.Context) error {
	var services []running
	err := l.DB.Read(ctx, tenants.System(l.province.ID, "demo"), func(tx *pg.Tx) error {
		return tx.Raw(`SELECT s.id, o.supplier_id, o.city_code, s.active_at FROM services s JOIN orders o ON o.province_id = s.province_id AND o.id = s.order_id
			WHERE s.province_id = ? AND s.state = 'active' AND s.active_at < ? ORDER BY s.active_at, s.number LIMIT 90`, l.province.ID, l.ago(10)).Scan(&services).Error
	})
	if err != nil {
		return err
	}
	type story struct {
		running
		index int
	}
	stories := make([]story, len(services))
	for i, s := range services {
		stories[i] = story{s, i}
	}
	if err = inParallel(ctx, stories, func(ctx context.Context, s story) error { return l.ticketsOf(ctx, s.running, s.index) }); err != nil {
		return err
	}
	if err := l.offerTickets(ctx); err != nil {
		return err
	}
	return l.Care.Tend(ctx, l.province.ID)
}

// offerTickets ask the tour's SI about what it has on sale in the tour's city.
func (l *Loader) offerTickets(ctx context.Context) error {
	by := l.one("4401", "account_manager")
	offers, err := l.Listings.Market(ctx, by, listing.MarketQuery{Sort: "name", Limit: 1000})
	if err != nil {
		return err
	}
	r, n := rand.New(rand.NewPCG(5, 21)), 0
	for _, o := range offers {
		if o.SupplierID != l.sis[0].admin.Tenant.ID || n == len(offerStandings) {
			continue
		}
		standing := offerStandings[n]
		raised := map[string]float64{"open": 0.04, "closed": 20, "late": 4}[standing]
		if raised == 0 {
			raised = 6
		}
		about := care.Raised{Listing: o.ID}
		if err := l.ticket(ctx, about, []tenants.Actor{by}, l.sis[0], r, l.ago(raised), standing); err != nil {
			return err
		}
		n++
	}
	return nil
}

var offerStandings = []string{"open", "in_progress", "waiting_customer", "late", "closed", "resolved"}

func (l *Loader) ticketsOf(ctx context.Context, s running, index int) error {
	si, ok := l.supplier(s.SupplierID)
	if !ok {
		return nil
	}
	r := rand.New(rand.NewPCG(uint64(index), 21))
	// One a quarter since the service runs, and the newest.
	about := care.Raised{Service: s.ID}
	for age := l.now.Sub(s.ActiveAt).Hours()/24 - 6; age > 45; age -= 60 + r.Float64()*40 {
		if err := l.ticket(ctx, about, l.raisers(s, r), si, r, l.ago(age), "closed"); err != nil {
			return err
		}
	}
	standing := standings[index%len(standings)]
	age := 6 + r.Float64()*2
	switch standing {
	case "open":
		age = 0.05
	case "closed":
		age = 9 + r.Float64()*10
	}
	return l.ticket(ctx, about, l.raisers(s, r), si, r, l.ago(age), standing)
}

// raisers are who may have raised it: whose customer it is, or the care agent
// on the phone.
func (l *Loader) raisers(s running, r *rand.Rand) []tenants.Actor {
	if r.IntN(4) == 0 {
		return []tenants.Actor{l.one("GD", "care_agent")}
	}
	return l.staff[s.CityCode+"/account_manager"]
}

// ticket tells one, from what is asked to where it stands.
func (l *Loader) ticket(ctx context.Context, about care.Raised, raisers []tenants.Actor, si firm, r *rand.Rand, raised time.Time, standing string) error {
	x := pick(r, troubles)
	if standing == "late" || standing == "open" {
		x = troubles[r.IntN(2)]
	}
	if standing != "open" {
		raised = calendar.AddWorkingTime(raised, time.Duration(r.Int64N(int64(time.Hour))))
	}
	at := raised
	later := func(most float64) context.Context {
		at = calendar.AddWorkingTime(at, time.Duration((0.1+r.Float64()*most)*float64(time.Hour)))
		if at.After(l.now) {
			at = l.now
		}
		return l.at(ctx, at)
	}
	var by tenants.Actor
	var d care.Detail
	err := error(fault.ErrMissing)
	about.Category, about.Severity, about.Subject, about.Description = x.category, x.severity, x.subject, x.description
	for _, a := range raisers {
		d, err = l.Care.Raise(l.at(ctx, raised), a, about)
		if by = a; !errors.Is(err, fault.ErrMissing) {
			break
		}
	}
	if errors.Is(err, fault.ErrMissing) {
		return nil // nobody's customer any more
	}
	if err != nil || standing == "open" || standing == "late" {
		return err
	}
	act := func(a tenants.Actor, most float64, action, reason string) {
		if err == nil {
			_, err = l.Care.Act(later(most), a, d.ID, action, reason)
		}
	}
	act(si.support, 5, "take", "")
	if standing == "in_progress" {
		if err == nil {
			_, err = l.Care.Say(later(2), si.support, d.ID, "已接单，正在排查，预计今天给出结论。", nil)
		}
		return err
	}
	asked := r.IntN(3) == 0
	switch standing {
	case "waiting_customer":
		act(si.support, 3, "ask_customer", x.asked)
		return err
	case "waiting_operator":
		act(si.support, 3, "ask_operator", "客户专线侧的配置需要贵方调整，请协助。")
		if err == nil {
			_, err = l.Care.Note(later(1), by, d.ID, "专线由网络部负责，已电话联系，明天上午答复。")
		}
		return err
	}
	if asked {
		act(si.support, 3, "ask_customer", x.asked)
		act(by, 20, "answer", x.answer)
		act(si.support, 3, "take", "")
	}
	act(si.support, 30, "resolve", x.solution)
	switch standing {
	case "closed":
		act(by, 24, "close", "")
	case "reopened":
		act(by, 6, "reopen", "客户反馈今天上午又出现同样的问题。")
	}
	return err
}
