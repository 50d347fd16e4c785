package partner

import (
	"slices"
	"strings"

	"ecoport/app/platform/fault"
)

// The portal's own reasons are kept as codes: which documents have run out, or
// that the firm is suspended with the words of who did it.
const (
	lapsedPrefix    = "documents:"
	suspendedPrefix = "partner_suspended:"
)

// LapsedReason is why a firm may not list.
func (p *Partner) LapsedReason() string { return lapsedPrefix + strings.Join(p.Lapsed, ",") }

// SuspendedReason is why what a suspended firm offers is off sale.
func SuspendedReason(why string) string { return suspendedPrefix + why }

// Say reads a reason that may be the portal's; what people wrote stays as they
// wrote it.
func Say(reason string) fault.Words {
	if why, ok := strings.CutPrefix(reason, suspendedPrefix); ok {
		return fault.Words{Zh: "伙伴已被暂停：" + why, En: "The partner is suspended: " + why}
	}
	codes, ok := strings.CutPrefix(reason, lapsedPrefix)
	if !ok {
		return fault.Words{Zh: reason, En: reason}
	}
	var names fault.Words
	for code := range strings.SplitSeq(codes, ",") {
		i := slices.IndexFunc(DocumentRules, func(r DocumentRule) bool { return r.Code == code })
		if i < 0 {
			return fault.Words{Zh: reason, En: reason}
		}
		names = join(names, DocumentRules[i].Words)
	}
	return fault.Words{Zh: "伙伴证照已过期：" + names.Zh, En: "Documents of the partner have expired: " + names.En}
}
