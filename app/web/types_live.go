package web

import "time"

// NoticeItem tells one person one thing.
type NoticeItem struct {
	Seq       int64      `json:"seq"`
	Kind      string     `json:"kind" enum:"needs,info" doc:"needs: the person must act"`
	Text      string     `json:"text" doc:"In the reader's language"`
	Href      string     `json:"href" doc:"Page of the portal"`
	ActorName string     `json:"actor_name"`
	At        time.Time  `json:"at"`
	DueAt     *time.Time `json:"due_at,omitempty"`
	Read      bool       `json:"read"`
	Done      bool       `json:"done" doc:"Somebody has dealt with it"`
}

// NoticeCount is what is not read.
type NoticeCount struct {
	Needs int64 `json:"needs"`
	Info  int64 `json:"info"`
}

// NoticePreference is how somebody is mailed of what needs them.
type NoticePreference struct {
	Mail     string `json:"mail" enum:"now,daily,none"`
	Possible bool   `json:"possible" doc:"The portal sends mail"`
}

type noticesInput struct {
	Paging
	Kind   string `query:"kind" enum:"needs,info"`
	Unread bool   `query:"unread"`
}

type readInput struct {
	Body struct {
		Seqs []int64 `json:"seqs" minItems:"1" maxItems:"200"`
		Read bool    `json:"read"`
	}
}

type readAllInput struct {
	Body struct {
		Kind string `json:"kind,omitempty" enum:"needs,info"`
		UpTo int64  `json:"up_to" doc:"The newest that was seen"`
	}
}

type noticePreferenceInput struct {
	Body struct {
		Mail string `json:"mail" enum:"now,daily,none"`
	}
}

// Webhook is one address of the tenant.
type Webhook struct {
	ID        string     `json:"id"`
	Address   string     `json:"address"`
	Topics    []string   `json:"topics" nullable:"false"`
	State     string     `json:"state" enum:"active,warned,disabled"`
	Failures  int        `json:"failures" doc:"Deliveries in a row that failed"`
	OldUntil  *time.Time `json:"old_until,omitempty" doc:"Until then the secret before the last one signs as well"`
	CreatedBy string     `json:"created_by"`
	CreatedAt time.Time  `json:"created_at"`
	Version   int64      `json:"version"`
	Secret    string     `json:"secret,omitempty" doc:"Shown once"`
	Actions   []string   `json:"actions" nullable:"false" doc:"edit, rotate, test, replay, delete"`
}

// Webhooks of the tenant.
type Webhooks struct {
	Items   []Webhook `json:"items" nullable:"false"`
	Topics  []string  `json:"topics" nullable:"false" doc:"What can be heard"`
	Actions []string  `json:"actions" nullable:"false" doc:"add"`
}

// WebhookDelivery is one message.
type WebhookDelivery struct {
	ID         string     `json:"id" doc:"The webhook-id header"`
	Topic      string     `json:"topic"`
	Body       string     `json:"body"`
	State      string     `json:"state" enum:"waiting,delivered,failed"`
	Attempts   int        `json:"attempts"`
	Status     int        `json:"status" doc:"Of the last answer; 0 without one"`
	DurationMs int        `json:"duration_ms"`
	Excerpt    string     `json:"excerpt" doc:"Beginning of the last answer"`
	CreatedAt  time.Time  `json:"created_at"`
	TriedAt    *time.Time `json:"tried_at,omitempty"`
}

// Replayed is how many deliveries go out again.
type Replayed struct {
	Count int `json:"count"`
}

type webhookBody struct {
	Address string   `json:"address" maxLength:"500"`
	Topics  []string `json:"topics" minItems:"1" uniqueItems:"true"`
	Active  bool     `json:"active"`
	Version int64    `json:"version,omitempty"`
}

type newWebhookInput struct{ Body webhookBody }

type webhookInput struct {
	ByID
	Body webhookBody
}

type deliveriesOfInput struct {
	ByID
	Paging
	State string `query:"state" enum:"waiting,delivered,failed"`
}

type deliveryOfInput struct {
	ByID
	Sub string `path:"sub" format:"uuid"`
}
