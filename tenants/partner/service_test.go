package partner_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
	"ecoport/tenants/partner"
	"ecoport/tenants/tenantstest"
)

func TestChecksAnswerAtOnce(t *testing.T) {
	t.Parallel()
	now := time.Now()
	past, future := now.AddDate(0, 0, -2), now.AddDate(1, 0, 0)
	stored := tenants.File{State: "stored"}
	good := partner.Partner{CreditCode: tenantstest.CreditCode(1), Capabilities: pg.Texts{"si"}, ContactPhone: "13800000000", ContactEmail: "a@b.example"}
	docs := []partner.Document{{Kind: "business_licence", ExpiresOn: &future, File: stored}, {Kind: "cooperation_letter", File: stored}, {Kind: "software_copyright", ExpiresOn: &future, File: stored}}
	for what, x := range map[string]struct {
		change func(*partner.Partner, []partner.Document) []partner.Document
		fails  []string
	}{
		"complete":     {func(_ *partner.Partner, d []partner.Document) []partner.Document { return d }, nil},
		"no copyright": {func(_ *partner.Partner, d []partner.Document) []partner.Document { return d[:2] }, []string{"documents"}},
		"an agent needs two": {func(p *partner.Partner, d []partner.Document) []partner.Document {
			p.Capabilities = pg.Texts{"agent"}
			return d[:2]
		}, nil},
		"expired": {func(_ *partner.Partner, d []partner.Document) []partner.Document { d[0].ExpiresOn = &past; return d }, []string{"expiry"}},
		"not uploaded": {func(_ *partner.Partner, d []partner.Document) []partner.Document {
			d[1].File.State = "pending"
			return d
		}, []string{"files"}},
		"wrong code": {func(p *partner.Partner, d []partner.Document) []partner.Document { p.CreditCode = "X"; return d }, []string{"credit_code"}},
		"no phone":   {func(p *partner.Partner, d []partner.Document) []partner.Document { p.ContactPhone = "1"; return d }, []string{"contact"}},
	} {
		p := good
		var failed []string
		have := x.change(&p, append([]partner.Document(nil), docs...))
		for _, c := range partner.Checks(p, have, now) {
			if c.State == "failed" {
				failed = append(failed, c.Code)
				require.NotEmpty(t, c.Detail.Zh, what)
				require.NotEmpty(t, c.Detail.En, what)
			}
		}
		require.Equal(t, x.fails, failed, what)
	}
}

// TestOneCreditCodeOneFirm: of racing registrations one wins.
func TestOneCreditCodeOneFirm(t *testing.T) {
	t.Parallel()
	w := tenantstest.New(t)
	reg := func(mailbox string) partner.Registration {
		return partner.Registration{
			Profile:   partner.Profile{LegalName: "某软件有限公司", CreditCode: tenantstest.CreditCode(9), Capabilities: []string{"si"}, ContactName: "王", ContactPhone: "13800000000", ContactEmail: "a@b.example"},
			AdminName: "王", AdminEmail: mailbox, AdminPassword: tenantstest.Password,
		}
	}
	errs := make([]error, 8)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			_, _, errs[i] = w.Partners.Register(t.Context(), w.GD.Tenant, reg(string(rune('a'+i))+"@race.example"), tenants.Device{})
		})
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else {
			require.ErrorIs(t, err, partner.ErrCreditCodeTaken)
		}
	}
	require.Equal(t, 1, won)
	// The same firm in another province is another tenant.
	_, _, err := w.Partners.Register(t.Context(), w.HN.Tenant, reg("z@race.example"), tenants.Device{})
	require.NoError(t, err)
}

func TestFirmsSeeThemselves(t *testing.T) {
	t.Parallel()
	w := tenantstest.New(t)
	own := tenantstest.May(w.GD.One(w.GD.SI, "partner_admin"), partner.ReadOwn, partner.Write)
	_, err := w.Partners.Get(t.Context(), own, w.GD.SI.ID)
	require.NoError(t, err)
	for _, other := range []tenants.Tenant{w.GD.Agent, w.HN.SI} {
		_, err := w.Partners.Get(t.Context(), own, other.ID)
		require.ErrorIs(t, err, fault.ErrMissing)
		// Row security by itself: even with the permission to read all.
		_, err = w.Partners.Get(t.Context(), tenantstest.May(own, partner.ReadOwn, partner.Read), other.ID)
		require.ErrorIs(t, err, fault.ErrMissing)
	}
	vetter := tenantstest.May(w.GD.One(w.GD.Tenant, "channel_manager"), partner.Read, partner.ReadOwn, partner.Vet)
	_, err = w.Partners.Get(t.Context(), vetter, w.HN.SI.ID)
	require.ErrorIs(t, err, fault.ErrMissing)
	_, err = w.Partners.Act(t.Context(), vetter, w.GD.SI.ID, partner.Step{Action: "suspend", Reason: ""})
	f, _ := fault.As(err)
	require.Equal(t, fault.Invalid, f.Kind, "a suspension says why")
	d, err := w.Partners.Act(t.Context(), vetter, w.GD.SI.ID, partner.Step{Action: "suspend", Reason: "逾期"})
	require.NoError(t, err)
	require.Equal(t, "suspended", d.State)
	_, err = w.Partners.Act(t.Context(), own, w.GD.SI.ID, partner.Step{Action: "resume", Reason: ""})
	require.Equal(t, string(partner.Vet), func() string { f, _ := fault.As(err); return f.Permission }())
}
