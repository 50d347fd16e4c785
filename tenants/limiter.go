package tenants

import (
	"context"
	"sync"
	"time"

	"ecoport/app/platform/calendar"
)

// limit says how many wrong guesses are free, and after how long a time
// without one they are forgotten.
type limit struct {
	free   int
	forget time.Duration
}

// One person from one address; one second factor, from wherever; one address,
// for whatever people: an office behind one address has many, who mistype now
// and then.
var (
	perPerson  = limit{5, time.Hour}
	perFactor  = limit{10, time.Hour}
	perAddress = limit{60, 10 * time.Minute}
	perRequest = limit{10, time.Hour}
	perLink    = limit{60, time.Minute} // what is handed out without a login, however it is used
)

// guess is one thing that is counted.
type guess struct {
	key   string
	limit limit
}

// limiter slows guessing down per key without locking the right person out
// for long: past the free guesses each further one waits, at most a minute.
// A guess counts when it is made and is taken back when it was right, so
// guessing many at once gains nothing.
type limiter struct {
	mu    sync.Mutex
	tries map[string]tries
}

type tries struct {
	failures   int
	last, next time.Time
}

// try is one guess under way.
type try struct {
	limiter *limiter
	guesses []guess
}

func (l *limiter) take(now time.Time, guesses ...guess) (try, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.tries == nil || len(l.tries) > 100_000 {
		l.tries = map[string]tries{}
	}
	for _, g := range guesses {
		t := l.tries[g.key]
		if now.Sub(t.last) > g.limit.forget {
			delete(l.tries, g.key)
			continue
		}
		if wait := t.next.Sub(now); wait > 0 {
			seconds := int(wait/time.Second) + 1
			e := ErrTooMany.Fill(seconds)
			e.RetryAfter = seconds
			return try{}, e
		}
	}
	for _, g := range guesses {
		t := l.tries[g.key]
		t.failures++
		t.last = now
		if over := t.failures - g.limit.free; over >= 0 {
			t.next = now.Add(min(time.Second<<min(over, 6), time.Minute))
		}
		l.tries[g.key] = t
	}
	return try{l, guesses}, nil
}

// undo takes the guess back as if it had not been made.
func (x try) undo() {
	x.limiter.mu.Lock()
	defer x.limiter.mu.Unlock()
	for _, g := range x.guesses {
		t := x.limiter.tries[g.key]
		t.failures, t.next = max(t.failures-1, 0), time.Time{}
		x.limiter.tries[g.key] = t
	}
}

// passed forgets what the person did wrong before. What came from the address
// otherwise stays: one login of their own must not let somebody go on with
// those of others.
func (x try) passed() {
	x.undo()
	x.limiter.mu.Lock()
	defer x.limiter.mu.Unlock()
	delete(x.limiter.tries, x.guesses[0].key)
}

// Guess runs what somebody without a login tries with a link. Tries that fail
// slow down the address they come from; whatever their end, tries with one link
// slow down that link.
func (s *Service) Guess(ctx context.Context, address, link string, do func() error) error {
	now := calendar.Now(ctx)
	try, err := s.limiter.take(now, guess{"link|" + address, perAddress})
	if err != nil {
		return err
	}
	if _, err := s.limiter.take(now, guess{"link|" + link, perLink}); err != nil {
		try.undo()
		return err
	}
	if err := do(); err != nil {
		return err
	}
	try.undo()
	return nil
}
