package demo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/google/uuid"

	"ecoport/marketplace/certification"
	"ecoport/marketplace/listing"
	"ecoport/marketplace/menu"
	"ecoport/marketplace/solution"
	"ecoport/marketplace/standing"
	"ecoport/tenants"
	"ecoport/tenants/account"
)

// page is a small true PDF, so that what people open is a document.
var page = []byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
	"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n" +
	"4 0 obj<</Length 62>>stream\nBT /F1 20 Tf 72 760 Td (Ecoport demonstration document) Tj ET\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")

// file uploads the page the way a browser does: announce, store, complete.
func (l *Loader) file(ctx context.Context, a tenants.Actor, purpose, name string) (uuid.UUID, error) {
	sum := sha256.Sum256(page)
	f, err := l.Tenants.AnnounceFile(ctx, a, l.Blob, tenants.NewFile{Purpose: purpose, Name: name, MediaType: "application/pdf", Size: int64(len(page)), SHA256: base64.StdEncoding.EncodeToString(sum[:])})
	if err != nil {
		return uuid.Nil, err
	}
	if err := l.Blob.Put(ctx, f.Key, bytes.NewReader(page), f.Size, f.MediaType); err != nil {
		return uuid.Nil, err
	}
	_, err = l.Tenants.CompleteFile(ctx, a, l.Blob, f.ID)
	return f.ID, err
}

type idea struct {
	firm      firm
	name      string
	family    account.Term
	industry  account.Term
	category  string
	state     string
	started   float64 // days ago
	scope     string  // city code or province, for what is listed
	listState string
	rng       *rand.Rand
}

var categoryOf = map[string]string{
	"vnet": "communication", "ringback": "communication", "qixintong": "messaging", "switchboard": "communication", "mail": "office", "mas": "messaging", "adc": "office",
	"caixintong": "messaging", "leased_line": "connectivity", "call_centre": "communication", "hosting": "hosting", "mobile_crm": "office", "mobile_oa": "office", "terminal": "terminal", "weixuntong": "location", "wuliutong": "location",
}

var industryOf = map[string]string{
	"xiaoxuntong": "education", "jingwutong": "police", "yinxintong": "finance", "yiyaotong": "pharma", "nongxuntong": "rural", "wuliutong": "logistics", "zhengwutong": "government",
	"chengguantong": "government", "shangxintong": "commerce", "terminal": "manufacturing", "weixuntong": "logistics",
}

func (l *Loader) solutions(ctx context.Context) error {
	states := []string{"live", "live", "live", "live", "live", "certified", "in_review", "testing", "changes_requested", "draft", "live", "live", "live", "pending", "testing", "in_review", "live", "rejected", "live", "withdrawn", "live", "draft", "live", "live"}
	var ideas []idea
	for i := range l.size.Solutions {
		fam := solution.Families[i%len(solution.Families)]
		ind := account.Industries[(i/3)%len(account.Industries)]
		for _, t := range account.Industries {
			if t.Code == industryOf[fam.Code] {
				ind = t
			}
		}
		x := idea{firm: l.sis[i%len(l.sis)], family: fam, industry: ind, category: categoryOf[fam.Code], state: states[i%len(states)], rng: rand.New(rand.NewPCG(uint64(i), 7))}
		if x.category == "" {
			x.category = "industry"
		}
		x.name = fam.Words.Zh + "·" + ind.Words.Zh + scenes[(i/len(solution.Families))%len(scenes)]
		switch x.state {
		case "live", "certified", "pending":
			x.started = 45 + x.rng.Float64()*270
		case "rejected", "withdrawn":
			x.started = 30 + x.rng.Float64()*120
		case "draft":
			x.started = 1 + x.rng.Float64()*26
		default:
			x.started = 13 + x.rng.Float64()*14
			if i%11 == 7 {
				x.started = 60 // past its thirty working days
			}
		}
		x.scope, x.listState = l.cities[(i*3)%len(l.cities)].Code, "live"
		if i%3 != 0 {
			x.scope = listing.ScopeProvince
		}
		if x.state == "pending" {
			x.listState = "pending_approval"
		}
		ideas = append(ideas, x)
	}
	return inParallel(ctx, ideas, l.solution)
}

var elementNames = []struct {
	name, unit, billing string
	low, spread         int64
}{
	{"平台基础功能", "套", "one_off", 500_000, 4_000_000},
	{"账号许可", "个/月", "monthly", 800, 5_000},
	{"实施与培训", "次", "one_off", 200_000, 1_500_000},
	{"短信包", "千条", "per_use", 3_000, 4_000},
	{"数据接口", "个", "one_off", 100_000, 900_000},
	{"专属客服", "月", "monthly", 30_000, 90_000},
	{"终端设备", "台", "one_off", 60_000, 200_000},
}

// menuRules are the rules that such elements usually have between them.
func menuRules(elements []solution.Element) *menu.Rules {
	var rules menu.Rules
	has := func(name string) bool {
		return slices.ContainsFunc(elements, func(e solution.Element) bool { return e.Name == name })
	}
	seats := elements[1].Name
	for _, name := range []string{"数据接口", "专属客服"} {
		if has(name) && seats != name {
			rules.Rules = append(rules.Rules, menu.Rule{Kind: menu.Requires, Element: name, Others: []string{seats}})
		}
	}
	return &rules
}

func (l *Loader) solution(ctx context.Context, x idea) error {
	r, t := x.rng, l.ago(x.started)
	step := func(days float64) context.Context { return l.at(ctx, t.Add(time.Duration(days*24*float64(time.Hour)))) }
	author := x.firm.author
	d, err := l.Solutions.Create(step(0), author, solution.Edit{
		Name: x.name, Summary: "面向" + x.industry.Words.Zh + "客户，" + pick(r, []string{"一次开通、统一账号", "按需组合、当月见效", "对接现有系统、三周上线", "手机即用、免装终端"}) + "。",
		Industry: x.industry.Code, Category: x.category, Family: x.family.Code,
	})
	if err != nil {
		return err
	}
	id := d.Versions[0].ID
	content := solution.Content{
		Semver: "1.0.0", Integration: pick(r, []string{"none", "sso", "api"}), Notes: "首个版本\n支持统一登录\n提供开通接口",
		Description: "本方案为" + x.industry.Words.Zh + "客户提供" + x.family.Words.Zh + "能力：统一开通、分级管理、按月对账，现网系统零改造接入。交付周期三周，含培训与一年维护。",
	}
	for i, e := range elementNames[:3+r.IntN(len(elementNames)-2)] {
		content.Elements = append(content.Elements, solution.Element{Name: e.name, Unit: e.unit, Billing: e.billing, PriceFen: e.low + r.Int64N(e.spread)/100*100, Required: i == 0, MaxUnits: map[bool]int64{true: 1, false: 0}[i == 0]})
	}
	if seats := &content.Elements[1]; seats.PriceFen > 1000 {
		seats.Steps.V = []menu.Step{{From: 100, PriceFen: seats.PriceFen / 10 * 9}, {From: 500, PriceFen: seats.PriceFen / 10 * 8}}
	}
	if len(content.Elements) > 2 {
		content.Menu = menuRules(content.Elements)
	}
	if _, err := l.Solutions.EditVersion(step(0.2), author, id, content, 1); err != nil {
		return err
	}
	kinds := []struct{ kind, name string }{{"whitepaper", "产品白皮书.pdf"}, {"manual", "用户手册.pdf"}, {"test_report", "自测报告.pdf"}}
	if x.state == "draft" {
		kinds = kinds[:r.IntN(3)]
	}
	for _, k := range kinds {
		f, err := l.file(step(0.3), author, "solution_file", k.name)
		if err != nil {
			return err
		}
		if _, err := l.Solutions.AddFile(step(0.3), author, id, f, k.kind); err != nil {
			return err
		}
	}
	if x.state == "draft" {
		return nil
	}
	if err := l.Certifications.Submit(step(0.4), author, id); err != nil {
		return err
	}
	v, err := l.Solutions.GetVersion(step(0.4), author, id)
	if err != nil || v.CertificationID == nil {
		return err
	}
	return l.certify(step, x, id, *v.CertificationID)
}

var measured = map[string]func(*rand.Rand) string{
	"latency_p95": func(r *rand.Rand) string { return fmt.Sprintf("%d ms", 80+r.IntN(110)) }, "concurrency": func(r *rand.Rand) string { return fmt.Sprint(500 + r.IntN(400)) },
	"availability": func(r *rand.Rand) string { return fmt.Sprintf("99.%02d %%", 90+r.IntN(10)) }, "vulnerabilities": func(*rand.Rand) string { return "0" },
	"install": func(r *rand.Rand) string { return fmt.Sprintf("%d min", 8+r.IntN(20)) }, "functions": func(*rand.Rand) string { return "100 %" },
}

// shelf is how many listings of a firm the story puts on sale.
const shelf = 7

// certify leads a case as far as the story goes.
func (l *Loader) certify(step func(float64) context.Context, x idea, version, id uuid.UUID) error {
	r := x.rng
	if x.state == "withdrawn" {
		return l.Certifications.Withdraw(step(3), x.firm.author, version, "合作计划调整，暂缓上架。")
	}
	if x.state == "testing" && r.IntN(3) == 0 {
		return nil // nobody has taken it yet
	}
	testers := l.staff["GD/test_engineer"]
	tester := testers[r.IntN(len(testers))]
	c, err := l.Certifications.Claim(step(1), tester, id)
	if err != nil {
		return err
	}
	done, day := 0, 1.5
	failing := x.state == "changes_requested" || r.IntN(5) == 0
	var failed *certification.Check
	for i := range c.Stages {
		for j := range c.Stages[i].Checks {
			k := c.Stages[i].Checks[j]
			if k.Machine || c.Stages[i].Kind == "price_review" {
				continue
			}
			if x.state == "testing" && done >= 4 {
				return nil
			}
			res := certification.Result{Result: "pass"}
			if m := measured[k.Code]; m != nil {
				res.Measured = m(r)
			}
			if failing && failed == nil && k.Code == "install" {
				res, failed = certification.Result{Result: "fail", Measured: "47 min", Note: "升级步骤需要人工改配置，超过门槛。"}, &k
			}
			if _, err := l.Certifications.Record(step(day), tester, id, k.ID, res); err != nil {
				return err
			}
			done++
			day += 0.4
		}
	}
	if failed != nil {
		if c, err = l.Certifications.Find(step(day), tester, id, "functional", "major", "安装与升级超过 30 分钟，请提供一键升级脚本。"); err != nil {
			return err
		}
		if _, err = l.Certifications.Act(step(day+0.1), tester, id, "request_changes", "安装时长未达标，请优化后重新提交。"); err != nil || x.state == "changes_requested" {
			return err
		}
		finding := c.Findings[0].ID
		if _, err = l.Certifications.Answer(step(day+2), x.firm.author, id, finding, "已提供升级脚本，实测 18 分钟。"); err != nil {
			return err
		}
		if err = l.Certifications.Revise(step(day+2.1), x.firm.author, version); err != nil {
			return err
		}
		if err = l.Certifications.Submit(step(day+2.2), x.firm.author, version); err != nil {
			return err
		}
		if _, err = l.Certifications.Record(step(day+3), tester, id, failed.ID, certification.Result{Result: "pass", Measured: "18 min"}); err != nil {
			return err
		}
		if _, err = l.Certifications.CloseFinding(step(day+3), tester, id, finding); err != nil {
			return err
		}
		day += 3.2
	}
	if _, err = l.Certifications.Act(step(day), tester, id, "finish_tests", ""); err != nil {
		return err
	}
	pm := l.one("GD", "product_manager")
	if x.state == "in_review" {
		if r.IntN(4) == 0 {
			_, err = l.Certifications.Act(step(day+1), pm, id, "stop", "省网络安全测评机构出具报告前，双方都无法推进。")
		}
		return err
	}
	if x.state == "rejected" {
		_, err = l.Certifications.Act(step(day+1), pm, id, "reject", "与现网产品功能重复，且价格高于同类，不予引入。")
		return err
	}
	var asked []certification.NewCondition
	if x.state == "certified" {
		asked = append(asked, certification.NewCondition{Body: "补交 72 小时稳定性测试的完整日志。", Due: earlier(l.now.AddDate(0, 0, 20), l.ago(x.started-day-170))})
	}
	if _, err = l.Certifications.Act(step(day+1), pm, id, "approve", "", asked...); err != nil || x.state == "certified" {
		return err
	}
	seller := pm
	if x.scope != listing.ScopeProvince {
		seller = l.one(x.scope, "city_product_manager")
	}
	listed := day + 2 + r.Float64()*4
	if x.listState == "pending_approval" {
		listed = x.started - r.Float64()*5
	}
	// Room is left on every shelf for cities that want to try something.
	l.mu.Lock()
	l.shelves[x.firm.author.Tenant.ID]++
	full := l.shelves[x.firm.author.Tenant.ID] > shelf
	l.mu.Unlock()
	if full && x.listState != "pending_approval" {
		return nil
	}
	li, err := l.Listings.Create(step(listed), seller, version, x.scope)
	if err != nil {
		return err
	}
	if _, err = l.Listings.Act(step(listed+0.1), seller, li.ID, listing.Step{Action: "submit"}); err != nil || x.listState == "pending_approval" {
		return err
	}
	_, err = l.Listings.Act(step(listed+0.5), seller, li.ID, listing.Step{Action: "approve"})
	if errors.Is(err, standing.ErrListings) { // it waits for room, as it would
		return nil
	}
	return err
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// overlays are what cities sell otherwise than the province: most of them
// settled, some of which the province has narrowed the band since.
func (l *Loader) overlays(ctx context.Context) error {
	manager := l.one("GD", "product_manager")
	page, err := l.Listings.Market(ctx, manager, listing.MarketQuery{Scopes: []string{listing.ScopeProvince}, Sort: "name", Limit: 40})
	if err != nil {
		return err
	}
	page = slices.DeleteFunc(page, func(o listing.Offer) bool { return o.LiveAt.After(l.ago(50)) })
	for i, o := range page[:min(6, len(page))] {
		at := l.at(ctx, l.ago(float64(40+i)))
		if _, err := l.Listings.SetBand(at, manager, o.ID, listing.Band{FloorPPM: 850_000, CeilingPPM: 1_100_000}, "各市行情不同，让利不超过 15%"); err != nil {
			return err
		}
		for k := range min(3, len(l.cities)) {
			city := l.one(l.cities[(i+k)%min(5, len(l.cities))].Code, "city_product_manager")
			terms := listing.Terms{Note: "本地同类产品价格较低"}
			for n, e := range o.Content.V.Elements {
				if n <= k {
					terms.Prices = append(terms.Prices, listing.LocalPrice{Name: e.Name, Billing: e.Billing, PriceFen: e.PriceFen * int64(90-k) / 100})
				}
			}
			if k == 2 {
				local, err := l.file(at, city, "offer_file", "本地资费说明.pdf")
				if err != nil {
					return err
				}
				terms.Files = []uuid.UUID{local}
				terms.Deliverer = l.sis[(i+1)%len(l.sis)].admin.Tenant.ID
			}
			if _, err := l.Listings.Adjust(at, city, o.ID, terms); err != nil {
				return err
			}
		}
		if i%3 == 0 {
			if _, err := l.Listings.SetBand(l.at(ctx, l.ago(float64(3+i))), manager, o.ID, listing.Band{FloorPPM: 895_000, CeilingPPM: 1_050_000}, "成本上升，收窄让利"); err != nil {
				return err
			}
		}
	}
	return nil
}
