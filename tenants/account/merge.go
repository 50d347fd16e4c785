package account

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/fault"
	"ecoport/app/platform/pg"
	"ecoport/tenants"
)

// Merged is one account made part of another; it can be undone for 30 days.
type Merged struct {
	ProvinceID    uuid.UUID `gorm:"primaryKey"`
	ID            uuid.UUID `gorm:"primaryKey"`
	OrgPath       string
	KeeperID      uuid.UUID
	LoserID       uuid.UUID
	KeeperName    string
	LoserName     string
	KeeperBefore  pg.JSON[Account]
	LoserBefore   pg.JSON[Account]
	KeeperVersion int64
	Grants        pg.Texts
	Contacts      pg.Texts
	MadeBy        string
	MadeByID      uuid.UUID
	MadeAt        time.Time
	UndoneAt      *time.Time
	UndoneBy      string
	Version       int64
}

// TableName of merges.
func (Merged) TableName() string { return "account_merges" }

// RowVersion is the optimistic lock.
func (m *Merged) RowVersion() *int64 { return &m.Version }

// Refusals about merging.
var (
	ErrMerged    = fault.New(fault.Conflict, "merged-already", "其中一个客户已经合并过了，请刷新查看。", "One of them was merged already. Reload to see.")
	ErrMergeSelf = fault.New(fault.Invalid, "merge-itself", "不能与自己合并。", "An account cannot be merged into itself.")
	ErrTwoCities = fault.New(fault.Conflict, "two-cities", "不同地市的客户不能合并：各市各自服务。", "Accounts of two cities are not merged: each city serves its own.")
)

// Choosable are the fields of which a merge may take the other's value.
var Choosable = []string{"name", "kind", "tier", "industry", "district_code", "owner", "address", "contact", "demand", "staff_size", "emcp", "informatisation"}

// take copies one choosable field.
func (x *Account) take(from Account, field string) {
	switch field {
	case "name":
		x.Name = from.Name
	case "kind":
		x.Kind = from.Kind
	case "tier":
		x.Tier = from.Tier
	case "industry":
		x.Industry = from.Industry
	case "district_code":
		x.DistrictCode, x.OrgPath = from.DistrictCode, from.OrgPath
	case "owner":
		x.OwnerID, x.OwnerName = from.OwnerID, from.OwnerName
	case "address":
		x.Address = from.Address
	case "contact":
		x.ContactName, x.ContactPhone, x.ContactEmail = from.ContactName, from.ContactPhone, from.ContactEmail
	case "demand":
		x.Demand = from.Demand
	case "staff_size":
		x.StaffSize = from.StaffSize
	case "emcp":
		x.Employees, x.Machines, x.Customers, x.Suppliers = from.Employees, from.Machines, from.Customers, from.Suppliers
	case "informatisation":
		x.Informatisation = from.Informatisation
	}
}

// lockTwo locks two accounts of the actor, always in the same order.
func lockTwo(tx *pg.Tx, a tenants.Actor, one, other uuid.UUID) (x, y Account, err error) {
	q := visible(tx.Model(&Account{}), a)
	// A tombstone is still somebody's: it must be told from what is not there.
	q = tx.Model(&Account{}).Where("accounts.province_id = ? AND accounts.id IN ? AND (accounts.merged_into IS NOT NULL OR accounts.id IN (?))", a.Tenant.ProvinceID, []uuid.UUID{one, other}, q.Select("accounts.id"))
	var found []Account
	if err := q.Order("accounts.id").Clauses(pg.ForUpdate).Find(&found).Error; err != nil {
		return x, y, err
	}
	if len(found) != 2 {
		return x, y, fault.ErrMissing
	}
	x, y = found[0], found[1]
	if x.ID != one {
		x, y = y, x
	}
	if x.MergedInto != nil || y.MergedInto != nil {
		return x, y, ErrMerged
	}
	return x, y, nil
}

// Merge makes the loser part of the keeper: the keeper takes the named fields
// of the loser, the loser stays as a tombstone that leads to the keeper, and
// who was granted the loser now sees the keeper.
func (s *Service) Merge(ctx context.Context, a tenants.Actor, keeper, loser uuid.UUID, take []string) (Merged, error) {
	var m Merged
	if err := a.Need(Merge); err != nil {
		return m, err
	}
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		if keeper == loser {
			return ErrMergeSelf
		}
		k, l, err := lockTwo(tx, a, keeper, loser)
		if err != nil {
			return err
		}
		if k.CityCode != l.CityCode {
			return ErrTwoCities
		}
		var c fault.Checker
		for _, f := range take {
			c.OneOf("take", f, Choosable...)
		}
		if err := c.Err(); err != nil {
			return err
		}
		now := calendar.Now(ctx).Truncate(time.Microsecond)
		m = Merged{
			ProvinceID: k.ProvinceID, ID: pg.NewID(), OrgPath: k.OrgPath, KeeperID: k.ID, LoserID: l.ID, KeeperName: k.Name, LoserName: l.Name, KeeperBefore: pg.JSON[Account]{V: k}, LoserBefore: pg.JSON[Account]{V: l},
			Grants: pg.Texts{}, Contacts: pg.Texts{}, MadeBy: a.Name, MadeByID: a.User, MadeAt: now, Version: 1,
		}
		for _, f := range take {
			k.take(l, f)
		}
		k.Existing, k.UpdatedAt = k.Existing || l.Existing, now
		if err := save(tx, &k, false); err != nil {
			return err
		}
		l.MergedInto, l.UpdatedAt = &k.ID, now
		if err := pg.Save(tx, &l); err != nil {
			return err
		}
		for table, moved := range map[string]*pg.Texts{"account_grants": &m.Grants, "account_contacts": &m.Contacts} {
			var ids []string
			if err := tx.Raw(`UPDATE `+table+` SET account_id = ?, org_path = ? WHERE province_id = ? AND account_id = ? RETURNING id::text`, k.ID, k.OrgPath, k.ProvinceID, l.ID).Scan(&ids).Error; err != nil {
				return err
			}
			*moved = append(*moved, ids...)
		}
		if err := refresh(tx, []uuid.UUID{k.ID}, now); err != nil {
			return err
		}
		if err := tx.Exec(`UPDATE account_duplicates SET state = 'merged', decided_by = ?, decided_at = ?, version = version + 1 WHERE province_id = ? AND state = 'open' AND (one_id = ? OR other_id = ?)`,
			a.Name, now, k.ProvinceID, l.ID, l.ID).Error; err != nil {
			return err
		}
		m.KeeperVersion = k.Version
		tenants.Record(ctx, tx, a, tenants.Entry{Action: "merge", Resource: "account", ID: k.ID, Label: k.Name, OrgPath: k.OrgPath, From: l.Name})
		tenants.Record(ctx, tx, a, tenants.Entry{Action: "merge_into", Resource: "account", ID: l.ID, Label: l.Name, OrgPath: l.OrgPath, To: k.Name})
		return tx.Create(&m).Error
	})
	return m, err
}

// Unmerge undoes a merge: the loser is an account of its own again, with its
// people and grants. The keeper is put back as it was, unless somebody has
// changed it since.
func (s *Service) Unmerge(ctx context.Context, a tenants.Actor, id uuid.UUID) (Merged, error) {
	var m Merged
	if err := a.Need(Merge); err != nil {
		return m, err
	}
	err := s.db.As(ctx, a, func(tx *pg.Tx) error {
		path := a.Identity()
		if err := pg.One(a.InDistricts(tx.Where("province_id = ? AND id = ? AND org_path >= ? AND org_path < ?", path.Province, id, path.PathFrom, path.PathTo)).Clauses(pg.ForUpdate), &m); err != nil {
			return err
		}
		now := calendar.Now(ctx).Truncate(time.Microsecond)
		if m.UndoneAt != nil {
			return ErrUndone
		}
		if now.Sub(m.MadeAt) > undoDays*24*time.Hour {
			return ErrTooOld
		}
		var both []Account
		if err := tx.Where("province_id = ? AND id IN ?", m.ProvinceID, []uuid.UUID{m.KeeperID, m.LoserID}).Order("id").Clauses(pg.ForUpdate).Find(&both).Error; err != nil {
			return err
		}
		for i := range both {
			x := &both[i]
			switch {
			case x.ID == m.LoserID:
				x.MergedInto = nil
			case x.Version != m.KeeperVersion:
				continue // worked on since: stays
			default:
				for _, f := range Choosable {
					x.take(m.KeeperBefore.V, f)
				}
				x.Existing = m.KeeperBefore.V.Existing
			}
			x.UpdatedAt = now
			if err := pg.Save(tx, x); err != nil {
				return err
			}
		}
		for table, moved := range map[string]pg.Texts{"account_grants": m.Grants, "account_contacts": m.Contacts} {
			if err := tx.Exec(`UPDATE `+table+` SET account_id = ?, org_path = ? WHERE province_id = ? AND account_id = ? AND id = ANY (?::uuid[])`, m.LoserID, m.LoserBefore.V.OrgPath, m.ProvinceID, m.KeeperID, moved).Error; err != nil {
				return err
			}
		}
		if err := tx.Exec(`UPDATE account_duplicates SET state = 'open', decided_at = NULL, decided_by = '', version = version + 1 WHERE province_id = ? AND state = 'merged' AND (one_id = ? OR other_id = ?)`,
			m.ProvinceID, m.LoserID, m.LoserID).Error; err != nil {
			return err
		}
		if err := refresh(tx, []uuid.UUID{m.KeeperID, m.LoserID}, now); err != nil {
			return err
		}
		m.UndoneAt, m.UndoneBy = &now, a.Name
		tenants.Record(ctx, tx, a, tenants.Entry{Action: "unmerge", Resource: "account", ID: m.KeeperID, Label: m.KeeperName, OrgPath: m.OrgPath, From: m.LoserName})
		return pg.Save(tx, &m)
	})
	return m, err
}

// mergesOf lists what was merged into an account and is still part of it.
func mergesOf(tx *pg.Tx, keeper uuid.UUID) (out []Merged, err error) {
	err = tx.Where("province_id = ? AND keeper_id = ? AND undone_at IS NULL", tx.Identity.Province, keeper).Order("made_at DESC").Find(&out).Error
	return out, err
}

// keeperOf follows tombstones to the account that stands for them now.
func keeperOf(tx *pg.Tx, x Account) (Account, error) {
	for hops := 0; x.MergedInto != nil && hops < 10; hops++ {
		next := *x.MergedInto
		x = Account{}
		if err := pg.One(tx.Where("province_id = ? AND id = ?", tx.Identity.Province, next), &x); err != nil {
			return x, err
		}
	}
	return x, nil
}

// Family is an account with all that was merged into it, for lists of what
// they bought. It says nothing about them but their ids.
func (s *Service) Family(ctx context.Context, a tenants.Actor, id uuid.UUID) (out []uuid.UUID, err error) {
	// Elevated: a partner does not see accounts; the ids only narrow a list
	// that has walls of its own.
	err = s.db.Read(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		return tx.Raw(`WITH RECURSIVE f AS (SELECT ?::uuid AS id UNION SELECT a.id FROM accounts a JOIN f ON a.merged_into = f.id WHERE a.province_id = ?) SELECT id FROM f`, id, a.Tenant.ProvinceID).Scan(&out).Error
	})
	return out, err
}

// tombstone leads who may see the keeper from a merged account to it.
func (s *Service) tombstone(ctx context.Context, a tenants.Actor, id uuid.UUID) (Detail, error) {
	var keeper, x Account
	// Elevated: a partner's grant has moved to the keeper; whether the keeper
	// may be seen is asked as the actor below.
	err := s.db.Read(ctx, tenants.Elevated{Actor: a}, func(tx *pg.Tx) error {
		if err := pg.One(tx.Where("province_id = ? AND id = ? AND merged_into IS NOT NULL", a.Tenant.ProvinceID, id), &x); err != nil {
			return err
		}
		var err error
		keeper, err = keeperOf(tx, x)
		return err
	})
	if err != nil {
		return Detail{}, err
	}
	var d Detail
	err = s.db.As(ctx, a, func(tx *pg.Tx) error {
		if d, err = s.detail(ctx, tx, a, keeper.ID); err != nil {
			return err
		}
		return look(ctx, tx, a, d.Account, d.Access.Via, 0)
	})
	if err != nil {
		return Detail{}, err
	}
	d.MergedInto, d.MergedFrom = &keeper.ID, x.Name
	d.Actions = slices.DeleteFunc(d.Actions, func(string) bool { return true })
	return d, nil
}
