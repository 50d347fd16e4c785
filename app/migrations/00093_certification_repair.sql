-- +goose Up
-- Three steps before this one changed data of tables under forced row
-- security, where they found no rows unless a superuser took them. Here they
-- are taken again, each only on rows that were passed over.
ALTER TABLE certifications NO FORCE ROW LEVEL SECURITY;
ALTER TABLE certification_turns NO FORCE ROW LEVEL SECURITY;
ALTER TABLE certification_checks NO FORCE ROW LEVEL SECURITY;
ALTER TABLE certificates NO FORCE ROW LEVEL SECURITY;

-- 00030: what is charged beyond the turns was counted on the wall.
INSERT INTO certification_turns (province_id, id, certification_id, partner_id, org_path, holder, reason, from_at, to_at, ms)
  SELECT c.province_id, gen_random_uuid(), c.id, c.partner_id, c.org_path, side, 'converted', c.submitted_at, greatest(c.submitted_at, coalesce(t.first, c.holder_since)), (charged - turned) * 5 / 21
  FROM certifications c LEFT JOIN LATERAL (SELECT min(from_at) AS first, sum(ms) FILTER (WHERE holder = 'operator') AS operator_ms, sum(ms) FILTER (WHERE holder = 'partner') AS partner_ms
      FROM certification_turns t WHERE t.province_id = c.province_id AND t.certification_id = c.id) t ON true,
    LATERAL (VALUES ('operator', c.operator_ms, coalesce(t.operator_ms, 0)), ('partner', c.partner_ms, coalesce(t.partner_ms, 0))) AS x (side, charged, turned)
  WHERE charged > turned;
UPDATE certifications c SET operator_ms = t.operator_ms, partner_ms = t.partner_ms
  FROM (SELECT province_id, certification_id, coalesce(sum(ms) FILTER (WHERE holder = 'operator'), 0) AS operator_ms, coalesce(sum(ms) FILTER (WHERE holder = 'partner'), 0) AS partner_ms FROM certification_turns GROUP BY 1, 2) t
  WHERE t.province_id = c.province_id AND t.certification_id = c.id AND (c.operator_ms > t.operator_ms OR c.partner_ms > t.partner_ms);
UPDATE certifications SET escalate_at = CASE WHEN holder = 'operator' THEN now() END, holder_reason = CASE
  WHEN state = 'testing' AND tester_id IS NULL THEN 'queue' WHEN state = 'testing' THEN 'testing' WHEN state = 'in_review' THEN 'review' WHEN state = 'changes_requested' THEN 'changes' ELSE state END
  WHERE holder_reason = '';

-- 00031: checks from before plans have no words.
UPDATE certification_checks k SET words = x.words, comparison = x.comparison, limit_value = x.limit_value, unit = x.unit FROM (VALUES
  ('complete', '{"Zh": "材料完整", "En": "Documents complete"}'::jsonb, '', NULL::float8, ''),
  ('files_sound', '{"Zh": "文件完好且类型正确", "En": "Files sound and of the right type"}'::jsonb, '', NULL::float8, ''),
  ('not_duplicate', '{"Zh": "与库内方案不重复", "En": "No duplicate in the library"}'::jsonb, '', NULL::float8, ''),
  ('prices_sane', '{"Zh": "目录价格有效", "En": "List prices valid"}'::jsonb, '', NULL::float8, ''),
  ('functions', '{"Zh": "功能与手册一致", "En": "Functions as in the manual"}'::jsonb, '>=', 100::float8, '%'),
  ('roles', '{"Zh": "权限与账号管理", "En": "Roles and accounts"}'::jsonb, '', NULL::float8, ''),
  ('install', '{"Zh": "安装与升级", "En": "Install and upgrade"}'::jsonb, '<=', 30::float8, 'min'),
  ('vulnerabilities', '{"Zh": "高危漏洞数", "En": "Severe vulnerabilities"}'::jsonb, '<=', 0::float8, ''),
  ('transport', '{"Zh": "传输与存储加密", "En": "Encryption in transit and at rest"}'::jsonb, '', NULL::float8, ''),
  ('log_privacy', '{"Zh": "日志不含个人信息", "En": "No personal data in logs"}'::jsonb, '', NULL::float8, ''),
  ('latency_p95', '{"Zh": "P95 时延", "En": "P95 latency"}'::jsonb, '<=', 200::float8, 'ms'),
  ('concurrency', '{"Zh": "并发用户数", "En": "Concurrent users"}'::jsonb, '>=', 500::float8, ''),
  ('availability', '{"Zh": "72 小时可用率", "En": "72-hour availability"}'::jsonb, '>=', 99.9::float8, '%'),
  ('manual', '{"Zh": "用户手册可独立使用", "En": "Manual stands alone"}'::jsonb, '', NULL::float8, ''),
  ('support', '{"Zh": "支撑与应急流程", "En": "Support and emergency procedure"}'::jsonb, '', NULL::float8, ''),
  ('login', '{"Zh": "统一登录规范", "En": "Login specification"}'::jsonb, '', NULL::float8, ''),
  ('provisioning', '{"Zh": "开通接口规范", "En": "Provisioning interface"}'::jsonb, '', NULL::float8, ''),
  ('price_fair', '{"Zh": "价格与同类方案可比", "En": "Price comparable with its kind"}'::jsonb, '', NULL::float8, '')
) AS x (code, words, comparison, limit_value, unit) WHERE k.code = x.code AND k.words = '{}';

-- 00032: certificates from before do not name their case.
UPDATE certificates x SET certification_id = c.id FROM certifications c WHERE c.province_id = x.province_id AND c.version_id = x.version_id AND c.state = 'certified' AND x.certification_id IS NULL;
ALTER TABLE certificates FORCE ROW LEVEL SECURITY;
ALTER TABLE certification_checks FORCE ROW LEVEL SECURITY;
ALTER TABLE certification_turns FORCE ROW LEVEL SECURITY;
ALTER TABLE certifications FORCE ROW LEVEL SECURITY;
-- +goose Down
