package paper

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/signintech/gopdf"
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

// TestEveryCharacterIsShown: a name is set in the fonts that have its
// characters; what none has stands as its code, never as an empty box.
func TestEveryCharacterIsShown(t *testing.T) {
	var pdf gopdf.GoPdf
	pdf.Start(gopdf.Config{PageSize: *gopdf.PageSizeA4})
	require.NoError(t, pdf.AddTTFFontData("sans", sans))
	require.NoError(t, pdf.AddTTFFontData("latin", latin))
	p := &pen{pdf: &pdf}
	plain := p.lines("广州市喆堃㛃科技", 12, 500)
	require.NoError(t, p.err)
	require.Equal(t, [][]run{{{"sans", "广州市"}, {"rare", "喆堃㛃"}, {"sans", "科技"}}}, plain)
	require.Equal(t, [][]run{{{"sans", "上海"}, {"latin", "[U+20BB7]Société"}, {"sans", "野家"}}}, p.lines("上海𠮷Société野家", 12, 500))
	require.NoError(t, p.err)
	b, err := Bytes(Page{Title: "产品认证证书", Facts: []Fact{{"持有伙伴", "广州市喆堃㛃𠮷科技有限公司\tĀ"}}})
	require.NoError(t, err)
	require.Less(t, len(b), 200_000)
}

// TestTableGoesOn: a long table takes the sheets it needs, its head on each.
func TestTableGoesOn(t *testing.T) {
	table := Table{Head: []string{"功能元素 Element", "数量", "金额"}, Room: []float64{0.6, -0.15, -0.25}, Sums: 1}
	for i := range 80 {
		table.Rows = append(table.Rows, []string{strings.Repeat("短信通道，含国际 ", i%9+1), "1,000", "¥12,345.67"})
	}
	table.Rows = append(table.Rows, []string{"合计", "", "¥987,653.60"})
	b, err := Bytes(Page{Over: "报价 Quote", Title: "粤海仓储有限公司", Facts: []Fact{{"编号", "Q1"}}, Table: table, Notes: []string{"有效期内有效。"}, Link: "https://portal.example/q/x", LinkLabel: "在线查看"})
	require.NoError(t, err)
	require.GreaterOrEqual(t, bytes.Count(b, []byte("/Type /Page\n")), 4)
	if f := os.Getenv("KEEP_PDF"); f != "" {
		require.NoError(t, os.WriteFile(f+".table.pdf", b, 0o644))
	}
}
