package web

import "time"

// Roles are what a member may hold, and the most a role here may join.
type Roles struct {
	Items   []Role   `json:"items" nullable:"false"`
	Ceiling []string `json:"ceiling" nullable:"false" doc:"Permissions this kind of tenant may hold at most"`
}

// Role is a named set of permissions a member may hold in this tenant.
type Role struct {
	Code        string   `json:"code" doc:"Built-in name, or the id of an own role"`
	Name        string   `json:"name,omitempty" doc:"Of an own role"`
	Own         bool     `json:"own"`
	Permissions []string `json:"permissions" nullable:"false"`
	Holders     int      `json:"holders" doc:"Members who hold it"`
	Version     int64    `json:"version,omitempty"`
	Actions     []string `json:"actions" nullable:"false" doc:"edit, remove"`
}

type newRoleInput struct {
	Body struct {
		Name        string   `json:"name" maxLength:"40"`
		Permissions []string `json:"permissions" minItems:"1" maxItems:"200" uniqueItems:"true"`
	}
}

type roleInput struct {
	ByID
	Body struct {
		Name        string   `json:"name" maxLength:"40"`
		Permissions []string `json:"permissions" minItems:"1" maxItems:"200" uniqueItems:"true"`
		Version     int64    `json:"version"`
	}
}

// Colleague is a member as everybody of the tenant may know them.
type Colleague struct {
	ID    string   `json:"id" doc:"Membership id"`
	Name  string   `json:"name"`
	Roles []string `json:"roles" nullable:"false"`
	Self  bool     `json:"self"`
}

// Delegation lends the seat of an absent person to a colleague for a time.
type Delegation struct {
	ID       string     `json:"id"`
	FromID   string     `json:"from_id" doc:"Membership of the absent person"`
	FromName string     `json:"from_name"`
	ToID     string     `json:"to_id"`
	ToName   string     `json:"to_name"`
	StartsAt time.Time  `json:"starts_at"`
	EndsAt   time.Time  `json:"ends_at"`
	EndedAt  *time.Time `json:"ended_at,omitempty" doc:"Ended early"`
	Reason   string     `json:"reason,omitempty"`
	MadeBy   string     `json:"made_by"`
	State    string     `json:"state" enum:"planned,active,ended"`
	Actions  []string   `json:"actions" nullable:"false" doc:"end"`
}

type delegationInput struct {
	Body struct {
		FromID   string    `json:"from_id,omitempty" format:"uuid" doc:"Membership; absent means the own seat"`
		ToID     string    `json:"to_id" format:"uuid"`
		StartsAt time.Time `json:"starts_at"`
		EndsAt   time.Time `json:"ends_at"`
		Reason   string    `json:"reason,omitempty" maxLength:"500"`
	}
}

// AccessReview is the quarterly confirmation of what people hold.
type AccessReview struct {
	ID       string             `json:"id"`
	Quarter  string             `json:"quarter" doc:"e.g. 2026Q4"`
	State    string             `json:"state" enum:"open,closed"`
	OpenedAt time.Time          `json:"opened_at"`
	DueAt    time.Time          `json:"due_at" doc:"What is not confirmed by then lapses"`
	ClosedAt *time.Time         `json:"closed_at,omitempty"`
	Items    []AccessReviewItem `json:"items" nullable:"false"`
}

// AccessReviewItem is one membership or explicit grant under review.
type AccessReviewItem struct {
	ID         string     `json:"id"`
	Kind       string     `json:"kind" enum:"membership,grant"`
	SubjectID  string     `json:"subject_id"`
	Label      string     `json:"label"`
	Detail     string     `json:"detail"`
	LastUsedAt *time.Time `json:"last_used_at,omitempty"`
	Holds      []string   `json:"holds" nullable:"false" doc:"Roles of a membership, fields of a grant"`
	Decision   string     `json:"decision" enum:"open,confirmed,removed,lapsed,kept"`
	DecidedBy  string     `json:"decided_by,omitempty"`
	DecidedAt  *time.Time `json:"decided_at,omitempty"`
	Own        bool       `json:"own" doc:"The reader's own membership"`
}

type reviewDecisionInput struct {
	ByID
	Body struct {
		Items   []string `json:"items" minItems:"1" maxItems:"500" uniqueItems:"true" format:"uuid"`
		Confirm bool     `json:"confirm" doc:"false removes"`
	}
}

type auditInput struct {
	Paging
	Resource   string `query:"resource" maxLength:"40"`
	ResourceID string `query:"resource_id" maxLength:"40"`
	Action     string `query:"action" maxLength:"40"`
	Person     string `query:"person" maxLength:"60" doc:"Who acted, or on whose behalf"`
	From       string `query:"from" maxLength:"10" doc:"Business date, inclusive"`
	To         string `query:"to" maxLength:"10" doc:"Business date, inclusive"`
	Q          string `query:"q" maxLength:"80"`
}

// AuditEntry is one recorded act.
type AuditEntry struct {
	Seq        int64     `json:"seq"`
	At         time.Time `json:"at"`
	ActorName  string    `json:"actor_name"`
	OnBehalf   string    `json:"on_behalf,omitempty" doc:"The absent colleague acted for"`
	TenantName string    `json:"tenant_name"`
	Address    string    `json:"address,omitempty" doc:"Network address of the request"`
	Action     string    `json:"action" doc:"resource.action, e.g. partner.approve"`
	Resource   string    `json:"resource"`
	ResourceID string    `json:"resource_id"`
	Label      string    `json:"label" doc:"Name or number of the record at the time"`
	From       string    `json:"from,omitempty"`
	To         string    `json:"to,omitempty"`
	Reason     string    `json:"reason,omitempty"`
}

// AccessPath is what one seat of a person says about one customer.
type AccessPath struct {
	Who      string       `json:"who"`
	Email    string       `json:"email"`
	Tenant   string       `json:"tenant"`
	Roles    []string     `json:"roles" nullable:"false"`
	OnBehalf string       `json:"on_behalf,omitempty"`
	Via      string       `json:"via,omitempty" doc:"province, city, district, owner, unowned, deal, delivery, service, explicit"`
	Sees     bool         `json:"sees"`
	Contact  string       `json:"contact,omitempty" doc:"clear, masked, withheld"`
	Fields   []string     `json:"fields" nullable:"false" doc:"What a grant gives"`
	Until    *time.Time   `json:"until,omitempty"`
	Link     string       `json:"link,omitempty"`
	Steps    []AccessStep `json:"steps" nullable:"false"`
}

// AccessStep is one link of the path: it holds, or it is what is missing.
type AccessStep struct {
	Code       string     `json:"code"`
	Holds      bool       `json:"holds"`
	Detail     string     `json:"detail"`
	Permission string     `json:"permission,omitempty" doc:"The one the detail names by its code"`
	Link       string     `json:"link,omitempty"`
	Until      *time.Time `json:"until,omitempty"`
}

// Explanation of one person's seats, or of what no seat has.
type Explanation struct {
	Items   []AccessPath `json:"items" nullable:"false"`
	Missing []AccessStep `json:"missing" nullable:"false" doc:"Where no seat leads to the customer at all: the ways that a firm would need one of"`
}

// Look says who opened a customer's record.
type Look struct {
	Name     string    `json:"name"`
	Tenant   string    `json:"tenant"`
	Via      string    `json:"via"`
	FirstAt  time.Time `json:"first_at"`
	LastAt   time.Time `json:"last_at"`
	Times    int       `json:"times"`
	Revealed int       `json:"revealed" doc:"How often masked contact details were uncovered"`
}

type explainInput struct {
	ByID
	Email string `query:"email" maxLength:"120" doc:"Login of the person asked about"`
}

type revealInput struct {
	ByID
	Body struct {
		Reason string `json:"reason" maxLength:"500"`
	}
}

// Uncovered are contact details shown once, for a reason.
type Uncovered struct {
	ContactName  string `json:"contact_name"`
	ContactPhone string `json:"contact_phone"`
	ContactEmail string `json:"contact_email"`
}

// Grant lets a partner see a customer, for a reason that ends.
type Grant struct {
	ID          string     `json:"id"`
	PartnerID   string     `json:"partner_id"`
	PartnerName string     `json:"partner_name"`
	Via         string     `json:"via" enum:"deal,delivery,service,explicit"`
	Number      string     `json:"number,omitempty" doc:"Of the deal, order or service"`
	Fields      []string   `json:"fields" nullable:"false"`
	Reason      string     `json:"reason,omitempty"`
	GivenBy     string     `json:"given_by,omitempty"`
	StartsAt    time.Time  `json:"starts_at"`
	EndsAt      *time.Time `json:"ends_at,omitempty"`
	EndedAt     *time.Time `json:"ended_at,omitempty"`
	EndReason   string     `json:"end_reason,omitempty"`
	State       string     `json:"state" enum:"planned,active,ended"`
	Actions     []string   `json:"actions" nullable:"false" doc:"end"`
}

type grantInput struct {
	ByID
	Body struct {
		PartnerID string   `json:"partner_id" format:"uuid"`
		Fields    []string `json:"fields" maxItems:"10" uniqueItems:"true"`
		Reason    string   `json:"reason" maxLength:"500"`
		Until     string   `json:"until" maxLength:"10" doc:"Last business date"`
	}
}

type endGrantInput struct {
	SubInput
	Body Reasoned
}
