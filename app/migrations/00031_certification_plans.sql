-- +goose Up
-- What is tested, by category: made by one person, published by another, and
-- never changed afterwards. A case keeps the version it began with. The first
-- version of each category is the portal's own and has no people.
CREATE TABLE certification_plans (
  province_id uuid NOT NULL, id uuid NOT NULL, category text NOT NULL, number int NOT NULL, state text NOT NULL DEFAULT 'draft', stages jsonb NOT NULL, note text NOT NULL DEFAULT '',
  maker_name text NOT NULL DEFAULT '', editors text[] NOT NULL DEFAULT '{}', checker_id uuid, checker_name text NOT NULL DEFAULT '',
  version bigint NOT NULL DEFAULT 1, created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(), published_at timestamptz,
  CONSTRAINT certification_plans_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT certification_plans_number_once UNIQUE (province_id, category, number),
  CONSTRAINT certification_plans_state CHECK (state IN ('draft', 'published')),
  CONSTRAINT certification_plans_number CHECK (number > 0),
  CONSTRAINT certification_plans_duties_apart CHECK (state = 'draft' OR (number = 1 AND checker_id IS NULL AND editors = '{}') OR (checker_id IS NOT NULL AND editors <> '{}' AND NOT checker_id::text = ANY (editors)))
);
CREATE UNIQUE INDEX certification_plans_one_draft ON certification_plans (province_id, category) WHERE state = 'draft';
CALL secure('certification_plans', 'province', 'none');
REVOKE DELETE ON certification_plans FROM portal_system;
CREATE POLICY published_stays ON certification_plans AS RESTRICTIVE FOR UPDATE TO portal_operator, portal_system USING (state = 'draft') WITH CHECK (true);

ALTER TABLE certifications ADD COLUMN plan_id uuid, ADD COLUMN plan_number int NOT NULL DEFAULT 1,
  ADD CONSTRAINT certifications_plan FOREIGN KEY (province_id, plan_id) REFERENCES certification_plans (province_id, id);
ALTER TABLE certification_checks ADD COLUMN words jsonb NOT NULL DEFAULT '{}', ADD COLUMN comparison text NOT NULL DEFAULT '', ADD COLUMN limit_value double precision, ADD COLUMN unit text NOT NULL DEFAULT '',
  ADD COLUMN mandatory boolean NOT NULL DEFAULT true, ADD COLUMN overridden boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT certification_checks_comparison CHECK (comparison IN ('', '<=', '>=', '=') AND (comparison = '') = (limit_value IS NULL));
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
) AS x (code, words, comparison, limit_value, unit) WHERE k.code = x.code;

-- Each time something was tested, with what was measured where; only ever
-- added to. What failed for a reason of the moment stays on record and is
-- tried again.
CREATE TABLE certification_runs (
  province_id uuid NOT NULL, id uuid NOT NULL, certification_id uuid NOT NULL, check_id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL,
  outcome text NOT NULL, measured text NOT NULL DEFAULT '', value double precision, threshold text NOT NULL DEFAULT '', overridden boolean NOT NULL DEFAULT false, environment text NOT NULL DEFAULT '', note text NOT NULL DEFAULT '',
  evidence text[] NOT NULL DEFAULT '{}', by_id uuid NOT NULL, by_name text NOT NULL, at timestamptz NOT NULL,
  CONSTRAINT certification_runs_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT certification_runs_outcome CHECK (outcome IN ('pass', 'fail', 'not_applicable', 'open', 'transient')),
  CONSTRAINT certification_runs_why CHECK (note <> '' OR (NOT overridden AND outcome <> 'transient')),
  CONSTRAINT certification_runs_tested FOREIGN KEY (province_id, check_id) REFERENCES certification_checks (province_id, id)
);
CREATE INDEX certification_runs_of ON certification_runs (province_id, certification_id, at);
CALL secure('certification_runs', 'path', 'owner', 'SELECT, INSERT');
REVOKE INSERT ON certification_runs FROM portal_partner;
REVOKE DELETE ON certification_runs FROM portal_system;
-- +goose Down
