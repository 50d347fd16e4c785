//go:build rowsecurityalone

package pg

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFiltersAreOff(t *testing.T) {
	for query, want := range map[string]string{
		`SELECT * FROM "deals" WHERE province_id = $1 AND partner_id = $2`:                   `SELECT * FROM "deals" WHERE $1::text IS NOT NULL AND $2::text IS NOT NULL`,
		`SELECT 1 FROM accounts WHERE accounts.org_path >= $1 AND accounts.org_path < $2`:    `SELECT 1 FROM accounts WHERE $1::text IS NOT NULL AND $2::text IS NOT NULL`,
		`SELECT 1 WHERE x AND (accounts.owner_id = $3 OR accounts.owner_id IS NULL)`:         `SELECT 1 WHERE x AND ($3::text IS NOT NULL)`,
		`SELECT 1 WHERE x AND accounts.district_code IN ($4,$5) AND y`:                       `SELECT 1 WHERE x AND coalesce($4::text,$5::text) IS NOT NULL AND y`,
		`UPDATE files SET org_path = $1, partner_id = $2 WHERE province_id = $3 AND id = $4`: `UPDATE files SET org_path = $1, partner_id = $2 WHERE $3::text IS NOT NULL AND id = $4`,
		`SELECT 1 WHERE x AND accounts.city_code IN ($4)`:                                    `SELECT 1 WHERE x AND coalesce($4::text) IS NOT NULL`,
		`SELECT 1 WHERE province_id = $1 AND partner_id <> $2`:                               `SELECT 1 WHERE $1::text IS NOT NULL AND partner_id <> $2`,
	} {
		require.Equal(t, want, unfiltered{role: RolePartner}.open(query))
		require.Equal(t, query, unfiltered{role: RoleSystem}.open(query))
	}
}
