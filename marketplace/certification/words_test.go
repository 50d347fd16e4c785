package certification

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ecoport/app/platform/fault"
)

// TestSay: the portal's own reasons are read in either language, old ones too;
// what people wrote stays.
func TestSay(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 2, 3, 4, 0, time.UTC)
	for reason, want := range map[string]fault.Words{
		"请补充手册":                               {Zh: "请补充手册", En: "请补充手册"},
		"":                                    {},
		intakePrefix + "prices_sane":          intakeWords["prices_sane"],
		intakePrefix + "complete,files_sound": {Zh: intakeWords["complete"].Zh + intakeWords["files_sound"].Zh, En: intakeWords["complete"].En + " " + intakeWords["files_sound"].En},
		"intake:other":                        {Zh: "intake:other", En: "intake:other"},
		"库内已有其他伙伴认证的同名方案，请改名或说明差异。":                                           intakeWords["not_duplicate"],
		Withdrawn{Number: "C1", How: "expired", At: at}.Code():                {Zh: "认证证书 C1 已过期", En: "The certificate C1 has expired"},
		Withdrawn{Number: "C1", How: "revoked", Reason: "后门：a:b"}.Code():      {Zh: "认证证书 C1 已撤销：后门：a:b", En: "The certificate C1 was revoked: 后门：a:b"},
		Both(fault.Words{Zh: "P95 时延", En: "P95 | latency"}):                  {Zh: "P95 时延", En: "P95 / latency"},
		Withdrawn{Number: "C1", How: "suspended", At: at, Reason: "x"}.Code(): {Zh: "认证证书 C1 已暂停：x", En: "The certificate C1 is suspended: x"},
	} {
		require.Equal(t, want, Say(reason), reason)
	}
	for _, threshold := range []string{"median:1,200.00", "中位数 1,200.00"} {
		k := Check{Threshold: threshold}
		require.Equal(t, []string{"中位数 1,200.00", "Median 1,200.00"}, []string{k.ThresholdIn("zh"), k.ThresholdIn("en")})
	}
	require.Equal(t, "Machine check", By(machine, "en"))
	require.Equal(t, "王工", By("王工", "en"))
}
