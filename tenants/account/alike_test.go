package account

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// TestAlikeNames: legal forms and signs tell nothing; other firms are others.
func TestAlikeNames(t *testing.T) {
	t.Parallel()
	names := []name{}
	for _, n := range []string{"广州天河宏达贸易有限公司", "广州天河宏达贸易股份有限公司", "广州市天河宏达贸易有限公司", "广州越秀盛兴机械有限公司", "广州天河瑞丰电子科技有限公司"} {
		names = append(names, name{ID: uuid.New(), Name: n})
	}
	found := alikes(names, uuid.Nil)
	require.Len(t, found, 1, "%v", found)
	require.Equal(t, 100, found[0].score)
	near := alikes([]name{{ID: uuid.New(), Name: "广州天河宏达国际贸易发展有限公司"}, {ID: uuid.New(), Name: "广州天河宏达国际贸易发展公司二部"}, {ID: uuid.New(), Name: "广州天河宏达国际商贸发展有限公司"}}, uuid.Nil)
	for _, p := range near {
		require.GreaterOrEqual(t, p.score, alikeEnough)
	}
}

// TestQualitySaysWhatToMend: every point that is missing is named.
func TestQualitySaysWhatToMend(t *testing.T) {
	t.Parallel()
	now := time.Now()
	owner := uuid.New()
	good := Account{
		Name: "甲公司", CreditCode: "91440106MA59ABCD0X", Tier: "A1", Address: "a", ContactName: "b", ContactPhone: "13812345678", ContactEmail: "a@b.example", StaffSize: 1, Employees: 1,
		Demand: "cloud", OwnerID: &owner, UpdatedAt: now,
	}
	sum := func(x Account, f Facts) int {
		score, issues := Quality(x, f, now)
		total := score
		for _, i := range issues {
			require.NotEmpty(t, i.Words.Zh)
			require.NotEmpty(t, i.Words.En)
			total += i.Points
		}
		require.GreaterOrEqual(t, total, 100)
		return score
	}
	best := sum(good, Facts{Leaders: 1})
	for what, change := range map[string]func(*Account){
		"phone": func(x *Account) { x.ContactPhone = "12" }, "address": func(x *Account) { x.Address = "" }, "age": func(x *Account) { x.UpdatedAt = now.AddDate(-2, 0, 0) },
		"audit": func(x *Account) { x.WrongFields = 2 }, "owner": func(x *Account) { x.OwnerID = nil },
	} {
		x := good
		change(&x)
		require.Less(t, sum(x, Facts{Leaders: 1}), best, what)
	}
	require.Less(t, sum(good, Facts{Leaders: 1, Duplicates: 1}), best)
	require.GreaterOrEqual(t, sum(Account{Tier: "A1", WrongFields: 9}, Facts{Duplicates: 3}), 0)
}
