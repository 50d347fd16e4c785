-- +goose Up
-- Everybody who tested, also before the case was handed back and in another's
-- seat, and everybody who decides: no person is both.
ALTER TABLE certifications ADD COLUMN testers text[] NOT NULL DEFAULT '{}', ADD COLUMN deciders text[] NOT NULL DEFAULT '{}',
  ADD CONSTRAINT certifications_tested_by_others CHECK (NOT testers && deciders);
ALTER TABLE certifications NO FORCE ROW LEVEL SECURITY;
ALTER TABLE certification_runs NO FORCE ROW LEVEL SECURITY;
UPDATE certifications c SET testers = x.ids FROM (SELECT province_id, certification_id, array_agg(DISTINCT by_id::text) AS ids FROM certification_runs GROUP BY 1, 2) x
  WHERE x.province_id = c.province_id AND x.certification_id = c.id;
ALTER TABLE certification_runs FORCE ROW LEVEL SECURITY;
ALTER TABLE certifications FORCE ROW LEVEL SECURITY;
-- +goose Down
