-- +goose Up
-- What a city sold once it had left the pilots is not of them. When those left
-- that are there stands in the trail.
ALTER TABLE graduation_pilots ADD COLUMN left_at timestamptz;
ALTER TABLE graduation_pilots NO FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_events NO FORCE ROW LEVEL SECURITY;
ALTER TABLE tenants NO FORCE ROW LEVEL SECURITY;
UPDATE graduation_pilots p SET left_at = coalesce((SELECT max(e.at) FROM audit_events e JOIN tenants t ON t.province_id = e.province_id AND t.id = e.tenant_id
  WHERE e.province_id = p.province_id AND e.resource_id = p.graduation_id AND e.action = 'leave_pilot' AND t.path = p.org_path), p.at)
WHERE state = 'left';
ALTER TABLE graduation_pilots FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_events FORCE ROW LEVEL SECURITY;
ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
ALTER TABLE graduation_pilots ADD CONSTRAINT graduation_pilots_left CHECK ((state = 'left') = (left_at IS NOT NULL)),
  -- Those that are there may be longer.
  ADD CONSTRAINT graduation_pilots_length CHECK (ends_on <= starts_on + 366) NOT VALID;

-- What a city put off is asked again on its day.
CREATE INDEX rollout_tasks_later ON rollout_tasks (province_id, later_on) WHERE state = 'later';
-- +goose Down
