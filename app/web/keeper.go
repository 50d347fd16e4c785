package web

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/hashicorp/golang-lru/v2/expirable"
	"golang.org/x/sync/singleflight"

	"ecoport/app/platform/pg"
	"ecoport/tenants"
)

// How long and how many figures are kept.
const (
	keptFor  = 5 * time.Minute
	keptMost = 4096
)

// keeper keeps figures that are the same for everybody who sees the same rows,
// until one of them would be told of a change, five minutes at most. Its key must
// hold all that the figure depends on: see sightOf.
type keeper struct {
	figures *expirable.LRU[string, kept]
	asking  singleflight.Group
	mu      sync.Mutex
	told    int64 // happenings so far
}

type kept struct {
	figure any
	ends   func(tenants.Happening) bool
}

func newKeeper() *keeper {
	return &keeper{figures: expirable.NewLRU[string, kept](keptMost, nil, keptFor)}
}

// keep answers from memory, or asks once for all who ask at the same time.
// ends says which happenings make the figure a new one.
func keep[T any](ctx context.Context, k *keeper, key string, ends func(tenants.Happening) bool, ask func() (T, error)) (T, error) {
	if x, ok := k.figures.Get(key); ok {
		return x.figure.(T), nil
	}
	pg.LetGo(ctx) // nobody waits for another with a connection in hand
	x, err, shared := k.asking.Do(key, func() (any, error) {
		k.mu.Lock()
		before := k.told
		k.mu.Unlock()
		figure, err := ask()
		k.mu.Lock()
		defer k.mu.Unlock()
		if err == nil && k.told == before { // else it may be of before the change
			k.figures.Add(key, kept{figure, ends})
		}
		return figure, err
	})
	if err != nil && shared && ctx.Err() == nil {
		return ask() // whoever asked for all may have left
	}
	return x.(T), err
}

// tell forgets what a happening changed.
func (k *keeper) tell(h tenants.Happening) {
	if h.Member != uuid.Nil {
		return // a notice of one person is in no figure
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.told++
	for _, key := range k.figures.Keys() {
		if x, ok := k.figures.Peek(key); ok && (h.Topic == tenants.TopicMany || x.ends(h)) {
			k.figures.Remove(key)
		}
	}
}

// forget drops everything: what happened meanwhile was not heard.
func (k *keeper) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.told++
	k.figures.Purge()
}

// sightOf says which rows somebody sees: what row security is told, less who
// it is.
func sightOf(a tenants.Actor) string {
	id := a.Identity()
	id.User = uuid.Nil
	return fmt.Sprintf("%+v", id)
}

// heardBy ends a figure with what somebody with the same sight would hear.
func heardBy(a tenants.Actor) func(tenants.Happening) bool {
	a.Granted, a.Withheld = nil, nil // not asked, and most of the memory
	return a.Hears
}
