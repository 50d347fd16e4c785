-- +goose Up
-- What somebody who has to decide asks of others first. A question goes to the
-- firm and carries its id; an opinion and a hand-over stay within the
-- operator: their partner is nobody, so no firm has a policy that shows them.
CREATE TABLE review_requests (
  province_id uuid NOT NULL, id uuid NOT NULL, resource text NOT NULL, resource_id uuid NOT NULL, label text NOT NULL, org_path text COLLATE "C" NOT NULL, partner_id uuid,
  kind text NOT NULL, body text NOT NULL, to_user uuid, to_name text NOT NULL, by_user uuid NOT NULL, by_name text NOT NULL, asked_at timestamptz NOT NULL, due_at timestamptz NOT NULL,
  state text NOT NULL DEFAULT 'open', answer text NOT NULL DEFAULT '', answered_by text NOT NULL DEFAULT '', ended_at timestamptz, version bigint NOT NULL DEFAULT 1,
  CONSTRAINT review_requests_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT review_requests_resource CHECK (resource IN ('certification', 'listing')),
  CONSTRAINT review_requests_kind CHECK (kind IN ('question', 'opinion', 'hand_over')),
  CONSTRAINT review_requests_whom CHECK ((kind = 'question') = (partner_id IS NOT NULL) AND (kind = 'question') = (to_user IS NULL)),
  CONSTRAINT review_requests_state CHECK (state IN ('open', 'answered', 'taken_back', 'lapsed')),
  CONSTRAINT review_requests_answer CHECK ((state = 'answered') = (answer <> '') AND (state = 'open') = (ended_at IS NULL))
);
CREATE UNIQUE INDEX review_requests_handed_over_once ON review_requests (province_id, resource_id) WHERE kind = 'hand_over' AND state = 'open';
CREATE INDEX review_requests_of_record ON review_requests (province_id, resource_id, asked_at);
CREATE INDEX review_requests_open ON review_requests (province_id, to_user, partner_id) WHERE state = 'open';
CALL secure('review_requests', 'path', 'owner');
REVOKE DELETE ON review_requests FROM portal_system;
-- A firm answers; it asks nothing in the operator's name.
REVOKE INSERT ON review_requests FROM portal_partner;
-- +goose Down
DROP TABLE review_requests;
