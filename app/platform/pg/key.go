package pg

import (
	"context"
	"sync"

	"ecoport/app/platform/fault"
)

// ErrRepeated says that the idempotency key was spent before: the first
// request's answer stands.
var ErrRepeated = fault.New(fault.Conflict, "repeated", "这项操作已经提交过，没有重复执行。", "This was already submitted and has not been done twice.")

// Key is an idempotency key on its way to the first writing transaction of a
// request. It is spent in that transaction, so the change and the mark that it
// was made commit together; a racing twin waits on the unique index.
type Key struct {
	Value string
	Hash  string // over method, path and body

	mu    sync.Mutex
	spent bool
}

type keyContext struct{}

// WithKey carries a key down to As.
func WithKey(ctx context.Context, k *Key) context.Context {
	return context.WithValue(ctx, keyContext{}, k)
}

func takeKey(ctx context.Context) *Key {
	k, _ := ctx.Value(keyContext{}).(*Key)
	if k == nil {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.spent {
		return nil
	}
	k.spent = true
	return k
}

// Spent tells whether a transaction committed with the key.
func (k *Key) Spent() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.spent
}

func (k *Key) release() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.spent = false
}

func (k *Key) spend(tx *Tx) error {
	res := tx.Exec(`INSERT INTO idempotency_keys (province_id, tenant_id, user_id, key, request_hash)
		VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		tx.Identity.Province, tx.Identity.Tenant, tx.Identity.User, k.Value, k.Hash)
	if res.Error != nil {
		return res.Error
	}
	if res.RowsAffected == 0 {
		return ErrRepeated
	}
	return nil
}

// Answer is what the first request with a key was told.
type Answer struct {
	RequestHash string
	Status      int
	Body        []byte
}

// KeepAnswer stores what the request was told, for repeats.
func (db *DB) KeepAnswer(ctx context.Context, who Identified, key string, status int, body []byte) error {
	id := who.Identity()
	return db.run(ctx, id, nil, false, func(tx *Tx) error {
		return tx.Exec(`UPDATE idempotency_keys SET status = ?, body = ? WHERE province_id = ? AND tenant_id = ? AND user_id = ? AND key = ?`,
			status, body, id.Province, id.Tenant, id.User, key).Error
	})
}

// AnswerOf finds what the first request with the key was told; ErrMissing when
// the key is new. Status is 0 while the first request has not answered yet.
func (db *DB) AnswerOf(ctx context.Context, who Identified, key string) (Answer, error) {
	var a Answer
	id := who.Identity()
	err := db.Read(ctx, who, func(tx *Tx) error {
		res := tx.Raw(`SELECT request_hash, coalesce(status, 0) AS status, body FROM idempotency_keys
			WHERE province_id = ? AND tenant_id = ? AND user_id = ? AND key = ?`, id.Province, id.Tenant, id.User, key).Scan(&a)
		if res.Error == nil && res.RowsAffected == 0 {
			return fault.ErrMissing
		}
		return res.Error
	})
	return a, err
}
