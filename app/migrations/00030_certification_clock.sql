-- +goose Up
-- The clock of certification counts working time: eight hours on the
-- mainland's working days. What was counted on the wall before is converted at
-- five days of eight hours a week.
ALTER TABLE certifications
  ADD COLUMN holder_reason text NOT NULL DEFAULT '', ADD COLUMN holder_note text NOT NULL DEFAULT '', ADD COLUMN handed_by text NOT NULL DEFAULT '',
  ADD COLUMN stopped_ms bigint NOT NULL DEFAULT 0, ADD COLUMN due_at timestamptz, ADD COLUMN escalate_at timestamptz, ADD COLUMN escalated text[] NOT NULL DEFAULT '{}',
  DROP CONSTRAINT certifications_holder,
  ADD CONSTRAINT certifications_holder CHECK (holder IN ('operator', 'partner', 'stopped', 'none')),
  ADD CONSTRAINT certifications_charges CHECK (operator_ms >= 0 AND partner_ms >= 0 AND stopped_ms >= 0);
CREATE INDEX certifications_escalate ON certifications (province_id, escalate_at) WHERE escalate_at IS NOT NULL;

-- Who had the ball, why, from when to when: written when a turn ends, never
-- changed. Their milliseconds add up to what the case is charged.
CREATE TABLE certification_turns (
  province_id uuid NOT NULL, id uuid NOT NULL, certification_id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL,
  holder text NOT NULL, reason text NOT NULL, note text NOT NULL DEFAULT '', by_name text NOT NULL DEFAULT '', from_at timestamptz NOT NULL, to_at timestamptz NOT NULL, ms bigint NOT NULL,
  CONSTRAINT certification_turns_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT certification_turns_holder CHECK (holder IN ('operator', 'partner', 'stopped')),
  CONSTRAINT certification_turns_forward CHECK (from_at <= to_at AND ms >= 0),
  CONSTRAINT certification_turns_case FOREIGN KEY (province_id, certification_id) REFERENCES certifications (province_id, id)
);
CREATE INDEX certification_turns_of ON certification_turns (province_id, certification_id, from_at);

UPDATE certifications SET operator_ms = operator_ms * 5 / 21, partner_ms = partner_ms * 5 / 21, holder_reason = CASE
  WHEN state = 'testing' AND tester_id IS NULL THEN 'queue' WHEN state = 'testing' THEN 'testing' WHEN state = 'in_review' THEN 'review' WHEN state = 'changes_requested' THEN 'changes' ELSE state END,
  escalate_at = CASE WHEN holder = 'operator' THEN now() END;
INSERT INTO certification_turns (province_id, id, certification_id, partner_id, org_path, holder, reason, from_at, to_at, ms)
  SELECT province_id, gen_random_uuid(), id, partner_id, org_path, side, 'converted', submitted_at, greatest(holder_since, submitted_at), spent
  FROM certifications, LATERAL (VALUES ('operator', operator_ms), ('partner', partner_ms)) AS x (side, spent) WHERE spent > 0;
CALL secure('certification_turns', 'path', 'owner', 'SELECT, INSERT');
REVOKE DELETE ON certification_turns FROM portal_system;
-- +goose Down
