package pg

import "context"

// pruned is how many rows one transaction of Prune deletes at most.
const pruned = 5000

// Prune deletes the rows of a table that where names, some at a time, so that
// nobody waits for a long transaction. Without an identity it is the login's
// own tables.
func (db *DB) Prune(ctx context.Context, who Identified, table, where string, args ...any) error {
	sql := `DELETE FROM ` + table + ` WHERE ctid = ANY (ARRAY(SELECT ctid FROM ` + table + ` WHERE ` + where + ` LIMIT ?))`
	args = append(args, pruned)
	for {
		var n int64
		remove := func(h *Handle) error {
			res := h.Exec(sql, args...)
			n = res.RowsAffected
			return res.Error
		}
		var err error
		if who == nil {
			err = remove(db.Login(ctx))
		} else {
			err = db.As(ctx, who, func(tx *Tx) error { return remove(tx.DB) })
		}
		if err != nil || n < pruned {
			return err
		}
	}
}
