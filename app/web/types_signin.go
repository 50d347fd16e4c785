package web

import "time"

// SecondFactor is how the session stands to the second factor.
type SecondFactor struct {
	Enrolled  bool `json:"enrolled" doc:"The person has one"`
	Required  bool `json:"required" doc:"The roles hold permissions that need one"`
	Satisfied bool `json:"satisfied" doc:"This session may use them"`
}

// Ways to sign in that are not about one mailbox.
type Ways struct {
	ResetByMail bool `json:"reset_by_mail" doc:"A forgotten password can be reset by mail; otherwise the admin of the tenant makes a link"`
}

// SignInWay is a provider that serves a mail domain.
type SignInWay struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	TenantName string `json:"tenant_name"`
}

// Departure is where to send the browser.
type Departure struct {
	Address string `json:"address"`
}

// Arrival is where to go on after a provider.
type Arrival struct {
	Back string `json:"back" doc:"Path inside the portal"`
}

// Security of the own login.
type Security struct {
	SecondFactor SecondFactor `json:"second_factor"`
	EnrolledAt   *time.Time   `json:"enrolled_at,omitempty"`
	CodesLeft    int          `json:"codes_left" doc:"Recovery codes not used yet"`
}

// FactorSetup is what an authenticator app needs.
type FactorSetup struct {
	Secret  string `json:"secret" doc:"To type in where no picture can be taken"`
	URI     string `json:"uri" doc:"otpauth address"`
	Picture string `json:"picture" doc:"The same as a QR code, data: URI"`
}

// RecoveryCodes are shown once.
type RecoveryCodes struct {
	Codes []string `json:"codes" nullable:"false"`
}

// Provider is a sign-in service of the tenant.
type Provider struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Issuer   string   `json:"issuer"`
	ClientID string   `json:"client_id"`
	Domains  []string `json:"domains" nullable:"false"`
	Vouches  bool     `json:"vouches" doc:"Its sign-in counts as a second factor"`
	Active   bool     `json:"active"`
	Version  int64    `json:"version"`
	Actions  []string `json:"actions" nullable:"false" doc:"edit, check"`
}

// Providers with what must be told to each of them.
type Providers struct {
	Items    []Provider   `json:"items" nullable:"false"`
	Domains  []MailDomain `json:"domains" nullable:"false" doc:"Of all of them"`
	Callback string       `json:"callback" doc:"Address to register at the provider"`
	Actions  []string     `json:"actions" nullable:"false" doc:"add"`
}

// MailDomain leads people to the tenant's sign-in services once a TXT record
// proves whose it is.
type MailDomain struct {
	ID        string     `json:"id"`
	Domain    string     `json:"domain"`
	State     string     `json:"state" enum:"pending,proven,failing,unproven"`
	Record    string     `json:"record" doc:"Name of the TXT record"`
	Value     string     `json:"value" doc:"What must stand in it"`
	CheckedAt *time.Time `json:"checked_at,omitempty"`
	DaysLeft  int        `json:"days_left" doc:"While failing: further days without the record until it leads nobody any more"`
	Actions   []string   `json:"actions" nullable:"false" doc:"check"`
}

// MailDomainCheck is what looking for the record gave.
type MailDomainCheck struct {
	OK     bool       `json:"ok"`
	Seen   []string   `json:"seen" nullable:"false" doc:"What stands there instead"`
	Domain MailDomain `json:"domain"`
}

// ProviderCheck is what asking a provider gave.
type ProviderCheck struct {
	OK     bool   `json:"ok"`
	Detail string `json:"detail,omitempty" doc:"What the provider answered, for technicians"`
}

type discoverInput struct {
	Body struct {
		Email string `json:"email" maxLength:"120"`
	}
}

type departInput struct {
	Body struct {
		ProviderID string `json:"provider_id" format:"uuid"`
		Back       string `json:"back,omitempty" maxLength:"500"`
	}
}

type arriveInput struct {
	Body struct {
		State string `json:"state" maxLength:"200"`
		Code  string `json:"code" maxLength:"2000"`
	}
}

type codeInput struct {
	Body struct {
		Code string `json:"code" maxLength:"40" doc:"Of the authenticator app, or a recovery code"`
	}
}

type proveInput struct {
	Body struct {
		Password string `json:"password" maxLength:"200"`
	}
}

type proveTwiceInput struct {
	Body struct {
		Password string `json:"password" maxLength:"200"`
		Code     string `json:"code" maxLength:"40"`
	}
}

type passwordInput struct {
	Body struct {
		Current  string `json:"current" maxLength:"200"`
		Password string `json:"password" maxLength:"200"`
	}
}

type resetInput struct {
	Body struct {
		Token    string `json:"token" maxLength:"100"`
		Password string `json:"password" maxLength:"200"`
	}
}

type providerBody struct {
	Name         string   `json:"name" maxLength:"40"`
	Issuer       string   `json:"issuer" maxLength:"300"`
	ClientID     string   `json:"client_id" maxLength:"200"`
	ClientSecret string   `json:"client_secret,omitempty" maxLength:"500" doc:"Empty keeps the one there is"`
	Domains      []string `json:"domains" minItems:"1" maxItems:"20" uniqueItems:"true"`
	Vouches      bool     `json:"vouches"`
	Active       bool     `json:"active"`
	Version      int64    `json:"version,omitempty"`
}

type newProviderInput struct{ Body providerBody }

type providerInput struct {
	ByID
	Body providerBody
}
