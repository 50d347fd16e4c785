package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// TestPayouts: what the demo left approved is paid by two persons over the
// API, taken to the bank as the bank reads it, and answered by a file that is
// tried first; a stand-in of the maker checks nothing.
func TestPayouts(t *testing.T) {
	t.Parallel()
	p := withDemo(t)
	maker, finance := p.tour("settlement@gd.example"), p.tour("finance@p03.example")
	done := maker.post("/api/statements/approve_ready", map[string]any{}).is(http.StatusOK)
	require.Positive(t, done.number("approved"))
	finance.post("/api/statements/approve_ready", map[string]any{}).is(http.StatusForbidden, "denied")
	batch := maker.post("/api/payout-batches", map[string]any{"layout": "icbc"}).is(http.StatusOK)
	path := "/api/payout-batches/" + batch.text("id")
	maker.post(path+"/check", map[string]any{}).is(http.StatusForbidden, "own-batch")
	p.sitsFor("settlement@gd.example", "settlement2@gd.example").post(path+"/check", map[string]any{}).is(http.StatusForbidden, "own-batch")
	maker.get(path+"/file.csv").is(http.StatusConflict, "batch-not-sent")
	checker := p.tour("settlement2@gd.example")
	checker.post(path+"/reject", map[string]any{}).is(http.StatusUnprocessableEntity)
	checker.post(path+"/check", map[string]any{}).is(http.StatusOK)
	counts, answers := atOnce(20, func(i int) answer {
		return []*person{maker, checker}[i%2].post(path+"/send", map[string]any{})
	})
	require.Equal(t, 1, counts[http.StatusOK], "%s", answers[0].Body)
	text, err := simplifiedchinese.GB18030.NewDecoder().String(string(maker.get(path + "/file.csv").is(http.StatusOK).Body))
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(text, "币种,收款账号,收款账号名称,收款账号开户行,金额,用途,企业参考号\r\n"), text[:80])
	sent := maker.get(path).is(http.StatusOK)
	number, account := sent.text("items.0.number"), sent.text("items.0.account_number")
	require.Contains(t, text, account)
	require.Contains(t, text, number)
	require.Equal(t, "PK", string(maker.get(path + "/file.xlsx").is(http.StatusOK).Body[:2]))
	finance.get(path+"/file.csv").is(http.StatusForbidden, "denied")

	// The bank's file: what is wrong is said by cell, and nothing is kept.
	file := func(apply bool, rows ...string) map[string]any {
		return map[string]any{"content": []byte("付款编号,金额（元）,结果,银行流水号,失败原因,日期\n" + strings.Join(rows, "\n")), "apply": apply}
	}
	yuan := fmt.Sprintf("%.2f", sent.number("items.0.amount_fen")/100)
	bad := maker.post("/api/payouts/import", file(true, number+","+yuan+",也许,,,", "PB-1,1.00,成功,,,", number+",0.01,成功,,,", number+","+yuan+",失败,,,", number+","+yuan+",成功,,,2999-01-01")).is(http.StatusOK)
	require.Equal(t, []string{"C2", "F6"}, bad.all("faults", "cell"))
	bad = maker.post("/api/payouts/import", file(true, "PB-1,1.00,成功,,,", number+",0.01,成功,,,", number+","+yuan+",失败,,,")).is(http.StatusOK)
	require.Equal(t, []string{"A2", "B3", "E4"}, bad.all("faults", "cell"))
	require.Equal(t, "sent", maker.get(path).text("items.0.state"))
	good := number + "," + yuan + ",成功,ICBC-1,,2026-01-01"
	require.EqualValues(t, 1, maker.post("/api/payouts/import", file(false, good)).is(http.StatusOK).number("accepted"))
	require.Equal(t, "sent", maker.get(path).text("items.0.state"), "tried only")
	require.EqualValues(t, 1, maker.post("/api/payouts/import", file(true, good)).is(http.StatusOK).number("accepted"))
	require.EqualValues(t, 1, maker.post("/api/payouts/import", file(true, good)).is(http.StatusOK).number("repeated"))
	statement := "/api/statements/" + sent.text("items.0.statement_id")
	require.Equal(t, "paid", maker.get(statement).is(http.StatusOK).text("state"))

	// External payout mode: references come in by the API, and a return wins.
	answered := maker.post("/api/payouts/answers", map[string]any{"answers": []any{map[string]any{"number": number, "result": "failed", "reason": "账户已销户"}}}).is(http.StatusOK)
	require.EqualValues(t, 1, answered.number("accepted"))
	require.Equal(t, "approved", maker.get(statement).text("state"))
	maker.post("/api/payouts/answers", map[string]any{"answers": []any{map[string]any{"number": number, "result": "paid"}}}).is(http.StatusUnprocessableEntity)

	// Files of a dispute and of an invoice are read by who reads what they hang on.
	issued := finance.get("/api/statements?state=issued&limit=1").is(http.StatusOK).text("items.0.id")
	line := "/api/commission/lines/" + finance.get("/api/statements/"+issued).is(http.StatusOK).text("items.0.id")
	finance.post(line+"/dispute", map[string]any{"reason": "金额不对"}).is(http.StatusOK)
	pdf := []byte("%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n")
	stranger, officer := p.tour("admin@p01.example"), p.tour("settlement2@gd.example")
	proof := finance.upload("dispute_file", "验收单.pdf", "application/pdf", pdf)
	officer.get("/api/files/" + proof + "/link").is(http.StatusNotFound)
	finance.post(line+"/messages", map[string]any{"text": "见附件", "file_ids": []string{proof}}).is(http.StatusOK)
	officer.post(line+"/replies", map[string]any{"text": "收到", "file_ids": []string{proof}}).is(http.StatusNotFound)
	officer.get("/api/files/" + proof + "/link").is(http.StatusOK)
	stranger.get("/api/files/" + proof + "/link").is(http.StatusNotFound)

	// The firm is told, and changes where it is paid; a stale form loses nothing.
	payee := finance.get("/api/payee").is(http.StatusOK)
	body := map[string]any{"holder": payee.text("holder"), "bank": "招商银行", "branch": "广州分行营业部", "account_number": "1209 0000 1234 5678", "taxpayer": "general", "version": payee.number("version")}
	require.Equal(t, "1209000012345678", finance.put("/api/payee", body).is(http.StatusOK).text("account_number"))
	finance.put("/api/payee", body).is(http.StatusConflict, "stale")
	p.tour("agent@p03.example").put("/api/payee", body).is(http.StatusForbidden, "denied")
	_, err = p.Services.Commissions.CheckLedger(t.Context(), uuid.MustParse(one[string](p, `SELECT id::text FROM tenants WHERE kind = 'province' AND code = 'GD'`)))
	require.NoError(t, err)
}
