//go:build !rowsecurityalone

package pg

import (
	"database/sql"

	"gorm.io/gorm"
)

// RowSecurityAlone tells tests that the application's own filters are off in
// this build: see filters_off.go.
const RowSecurityAlone = false

// statements is what a transaction sends its SQL through.
func statements(conn *sql.Conn, _ Role) gorm.ConnPool { return conn }
