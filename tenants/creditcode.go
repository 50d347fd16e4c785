package tenants

import "strings"

// GB 32100-2015: 17 characters of this alphabet and a check character.
const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// CreditCodeOK checks form and check character of a unified social credit code.
func CreditCodeOK(code string) bool {
	return len(code) == 18 && CreditCodeCheck(code[:17]) == code[17:]
}

// CreditCodeCheck computes the check character of the first 17; "" when one
// of them is not in the alphabet.
func CreditCodeCheck(body string) string {
	sum, weight := 0, 1
	for i := 0; i < len(body); i++ {
		v := strings.IndexByte(creditAlphabet, body[i])
		if v < 0 {
			return ""
		}
		sum += v * weight
		weight = weight * 3 % 31
	}
	return string(creditAlphabet[(31-sum%31)%31])
}

// NormalCreditCode is the form codes are stored and compared in.
func NormalCreditCode(s string) string { return strings.ToUpper(strings.TrimSpace(s)) }
