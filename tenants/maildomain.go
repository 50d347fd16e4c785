package tenants

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/app/platform/token"
)

// JobDomains looks once a day whether mail domains still say whose they are.
const JobDomains = "tenants.mail_domains"

// DomainGrace is how many days in a row a record may be missing.
const DomainGrace = 3

// MailDomain is a domain whose people a tenant's sign-in services speak for.
// Anybody can type a domain; only who runs its zone can publish the record.
type MailDomain struct {
	ProvinceID uuid.UUID `gorm:"primaryKey"`
	ID         uuid.UUID `gorm:"primaryKey"`
	TenantID   uuid.UUID
	Domain     string
	Token      string
	State      string // pending; proven; failing: proven, the record is missing since; unproven
	CheckedAt  *time.Time
	Failures   int        // days in a row
	FailedOn   *time.Time // the last of them
	CreatedAt  time.Time
}

// Record is the name and the content of the TXT record that proves the domain.
func (d MailDomain) Record() (name, value string) {
	return "_ecoport." + d.Domain, "ecoport-verify=" + d.Token
}

// leads tells whether the domain leads people to the tenant's services.
const leads = `state IN ('proven', 'failing')`

// claimDomains makes sure that each domain has a record to publish.
func claimDomains(ctx context.Context, tx *pg.Tx, a Actor, domains []string) error {
	for _, d := range domains {
		secret, _ := token.Secret()
		err := tx.Exec(`INSERT INTO mail_domains (province_id, id, tenant_id, domain, token, created_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			a.Tenant.ProvinceID, pg.NewID(), a.Tenant.ID, d, secret, calendar.Now(ctx)).Error
		if err != nil {
			return err
		}
	}
	return nil
}

// inUse selects domains that a service of their tenant names.
const inUse = `EXISTS (SELECT 1 FROM providers p WHERE p.province_id = mail_domains.province_id AND p.tenant_id = mail_domains.tenant_id AND p.domains @> ARRAY[mail_domains.domain])`

// MailDomains of the sign-in services of the actor's tenant, by name.
func (s *Service) MailDomains(ctx context.Context, a Actor) ([]MailDomain, error) {
	if err := a.Need(ProviderRead); err != nil {
		return nil, err
	}
	var out []MailDomain
	err := s.db.Read(ctx, a, func(tx *pg.Tx) error {
		return tx.Where("province_id = ? AND tenant_id = ? AND "+inUse, a.Tenant.ProvinceID, a.Tenant.ID).Order("domain").Find(&out).Error
	})
	return out, err
}

// ErrDomainSilent: the name servers did not answer, so nothing was learned.
var ErrDomainSilent = fault.New(fault.Unavailable, "mail-domain-silent", "域名服务器没有应答，验证状态没有改变，请稍后再试。", "The name servers do not answer, so the domain stays as it was. Try again later.")

// CheckDomain looks for the record now. Seen is what stands there instead.
func (s *Service) CheckDomain(ctx context.Context, a Actor, id uuid.UUID) (d MailDomain, ok bool, seen []string, err error) {
	if err := a.Need(ProviderWrite); err != nil {
		return d, false, nil, err
	}
	load := func(tx *pg.Tx) error {
		return pg.One(tx.Where("province_id = ? AND tenant_id = ? AND id = ?", a.Tenant.ProvinceID, a.Tenant.ID, id), &d)
	}
	if err := s.db.Read(ctx, a, load); err != nil {
		return d, false, nil, err
	}
	if ok, seen, err = s.lookUp(ctx, d); err != nil {
		return d, false, nil, err
	}
	err = s.db.As(ctx, a, func(tx *pg.Tx) error {
		if err := load(tx); err != nil {
			return err
		}
		return d.judge(ctx, tx, a, ok, false)
	})
	return d, ok, seen, err
}

// lookUp asks the name servers; outside any transaction. Only their word that
// there is no such record counts as missing: an outage is ErrDomainSilent.
func (s *Service) lookUp(ctx context.Context, d MailDomain) (ok bool, seen []string, err error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	resolver := s.options.Outbound.Resolver
	if resolver == nil {
		resolver = net.DefaultResolver
	}
	name, value := d.Record()
	found, err := resolver.LookupTXT(ctx, name+".")
	var failed *net.DNSError
	if err != nil && (!errors.As(err, &failed) || !failed.IsNotFound) {
		return false, nil, ErrDomainSilent
	}
	for _, text := range found {
		if strings.TrimSpace(text) == value {
			return true, nil, nil
		}
		seen = append(seen, short(text, 100))
	}
	return false, seen, nil
}

// judge writes down what a look-up gave. Only the daily one counts against a
// domain that is proven, and each day once.
func (d *MailDomain) judge(ctx context.Context, tx *pg.Tx, a Actor, ok, daily bool) error {
	now := calendar.Now(ctx)
	today, err := time.Parse(time.DateOnly, calendar.Date(now))
	if err != nil {
		return err
	}
	from, action := d.State, ""
	d.CheckedAt = &now
	switch {
	case ok:
		d.State, d.Failures, d.FailedOn = "proven", 0, nil
		action = "prove"
	case daily && (d.State == "proven" || d.State == "failing") && (d.FailedOn == nil || !d.FailedOn.Equal(today)):
		d.State, d.FailedOn = "failing", &today
		action = "miss"
		if d.Failures++; d.Failures >= DomainGrace {
			d.State, action = "unproven", "unprove"
		}
	}
	if d.State != from {
		Record(ctx, tx, a, Entry{Action: action, Resource: "mail_domain", ID: d.ID, Label: d.Domain, OrgPath: a.Tenant.Path, Partner: partnerOf(a), From: from, To: d.State})
	}
	return tx.Exec(`UPDATE mail_domains SET state = ?, checked_at = ?, failures = ?, failed_on = ? WHERE province_id = ? AND id = ?`, d.State, now, d.Failures, d.FailedOn, d.ProvinceID, d.ID).Error
}

// working selects domains of tenants that are not suspended.
const working = `EXISTS (SELECT 1 FROM tenants t WHERE t.province_id = mail_domains.province_id AND t.id = mail_domains.tenant_id AND t.state = 'active')`

// CheckDomains looks at every domain in use, in every tenant.
func (s *Service) CheckDomains(ctx context.Context) error {
	provinces, err := s.Provinces(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, p := range provinces {
		var all []MailDomain
		machine := System(p.ID, "域名检查")
		if err := s.db.Read(ctx, machine, func(tx *pg.Tx) error {
			return tx.Where("province_id = ? AND state <> 'unproven' AND "+inUse+" AND "+working, p.ID).Order("id").Find(&all).Error
		}); err != nil {
			return err
		}
		for _, d := range all {
			if machine.Tenant, err = s.tenant(ctx, p.ID, d.TenantID); err != nil {
				return err
			}
			ok, _, err := s.lookUp(ctx, d)
			if err != nil {
				slog.WarnContext(ctx, "no answer about a mail domain", "domain", d.Domain)
				continue
			}
			errs = append(errs, s.db.As(ctx, machine, func(tx *pg.Tx) error {
				if err := pg.One(tx.Where("province_id = ? AND id = ?", d.ProvinceID, d.ID).Clauses(pg.ForUpdate), &d); err != nil {
					return err
				}
				return d.judge(ctx, tx, machine, ok, true)
			}))
		}
	}
	return errors.Join(errs...)
}

// proven are those of a tenant's domains that lead to its services.
func (s *Service) proven(ctx context.Context, p Provider) ([]string, error) {
	var all []string
	err := s.db.Login(ctx).Model(&MailDomain{}).Where("province_id = ? AND tenant_id = ? AND "+leads, p.ProvinceID, p.TenantID).Pluck("domain", &all).Error
	return slices.DeleteFunc(all, func(d string) bool { return !slices.Contains(p.Domains, d) }), err
}
