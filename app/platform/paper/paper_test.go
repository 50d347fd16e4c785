package paper

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPage(t *testing.T) {
	b, err := Bytes(Page{
		Over: "Ecoport 伙伴生态门户", Title: "产品认证证书", Sub: "本证书证明下列版本通过认证。This version passed certification.", Stamp: "已撤销 REVOKED",
		Facts: []Fact{{"证书编号\nNumber", "C202611-0001"}, {"方案 Solution", strings.Repeat("粤海仓储通·物流场景 ", 12) + "𠮷"}},
		Notes: []string{"核验页随时显示证书的当前状态。"}, Link: "https://portal.example/certificate/C202611-0001", LinkLabel: "扫码核验 Verify",
	})
	require.NoError(t, err)
	require.True(t, bytes.HasPrefix(b, []byte("%PDF-1.")))
	require.Less(t, len(b), 200_000, "only the characters that are used are embedded")
	if f := os.Getenv("KEEP_PDF"); f != "" {
		require.NoError(t, os.WriteFile(f, b, 0o644))
	}
}
