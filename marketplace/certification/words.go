package certification

import (
	"strings"

	"ecoport/app/platform/fault"
)

// machine is how the portal itself signs what it checked.
const machine = "机器检查"

// MachineWords names the portal as the author of a check or a hand-over.
var MachineWords = fault.Words{Zh: machine, En: "Machine check"}

// By is the name somebody signed with, in the reader's language.
func By(name, locale string) string {
	if name == machine {
		return MachineWords.In(locale)
	}
	return name
}

// intakePrefix begins what the machine says when it gives a case back; the
// codes of the checks that failed follow.
const intakePrefix = "intake:"

var intakeWords = map[string]fault.Words{
	"complete":      {Zh: "提交的内容不完整，请补齐后重新提交。", En: "Something that must be handed in is missing; complete it and submit again."},
	"files_sound":   {Zh: "有文件没有完整保存或未通过安全扫描，请重新上传。", En: "A file is not stored whole or did not pass the scan; upload it again."},
	"not_duplicate": {Zh: "库内已有其他伙伴认证的同名方案，请改名后重新提交。", En: "A solution of this name is certified for another partner already; rename yours and submit again."},
	checkLicence:    {Zh: "本企业有必备资质已过期，请先在“本企业”中更新，再重新提交。", En: "A paper that your firm must hold is out of date; renew it under “Our firm”, then submit again."},
	checkTrial:      {Zh: "多次访问试用环境都没有成功，或该地址不允许访问，请更正地址或恢复环境后重新提交。", En: "The trial environment did not answer several times, or its address may not be called; correct it or bring it back, then submit again."},
	"prices_sane":   {Zh: "目录价格无效，请更正。", En: "The list prices are not valid; correct them."},
}

// certificatePrefix begins why a listing was stopped or somebody was told that
// a certificate was lost; how, its number, the moment and the words follow.
const certificatePrefix = "certificate:"

var lostWords = map[string]fault.Words{
	"revoked":   {Zh: "认证证书 %s 已撤销", En: "The certificate %s was revoked"},
	"expired":   {Zh: "认证证书 %s 已过期", En: "The certificate %s has expired"},
	"suspended": {Zh: "认证证书 %s 已暂停", En: "The certificate %s is suspended"},
}

// bothPrefix begins words that are kept in both languages: the name of a check
// or a stage beside what happened to it.
const bothPrefix = "both:"

// Both keeps words in both languages, for Say.
func Both(w fault.Words) string {
	return bothPrefix + strings.ReplaceAll(w.Zh, "|", "/") + "|" + strings.ReplaceAll(w.En, "|", "/")
}

// medianPrefix begins the threshold of a price: the median of its family.
const medianPrefix = "median:"

// ThresholdIn is what a check is measured against, in the reader's language.
func (k *Check) ThresholdIn(locale string) string {
	for _, prefix := range []string{medianPrefix, "中位数 "} {
		if price, ok := strings.CutPrefix(k.Threshold, prefix); ok {
			return fault.Words{Zh: "中位数 ", En: "Median "}.In(locale) + price
		}
	}
	return k.Threshold
}

// before is how these sentences were kept before they had codes.
var before = map[string]string{"库内已有其他伙伴认证的同名方案，请改名或说明差异。": intakePrefix + "not_duplicate"}

// Say reads a reason that may be the machine's, kept as a code; what people
// wrote stays as they wrote it.
func Say(reason string) fault.Words {
	if code, ok := before[reason]; ok {
		reason = code
	}
	if lost, ok := strings.CutPrefix(reason, certificatePrefix); ok {
		if parts := strings.SplitN(lost, ":", 4); len(parts) == 4 {
			if w, known := lostWords[parts[0]]; known {
				w = w.Fill(parts[1])
				if parts[3] != "" {
					w.Zh, w.En = w.Zh+"："+parts[3], w.En+": "+parts[3]
				}
				return w
			}
		}
	}
	if words, ok := strings.CutPrefix(reason, bothPrefix); ok {
		if zh, en, ok := strings.Cut(words, "|"); ok {
			return fault.Words{Zh: zh, En: en}
		}
	}
	codes, ok := strings.CutPrefix(reason, intakePrefix)
	if !ok {
		return fault.Words{Zh: reason, En: reason}
	}
	var zh, en []string
	for code := range strings.SplitSeq(codes, ",") {
		w, known := intakeWords[code]
		if !known {
			return fault.Words{Zh: reason, En: reason}
		}
		zh, en = append(zh, w.Zh), append(en, w.En)
	}
	return fault.Words{Zh: strings.Join(zh, ""), En: strings.Join(en, " ")}
}
