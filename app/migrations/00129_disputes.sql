-- +goose Up
-- A dispute is a talk about one line until it is settled. One about a line of a
-- deemed statement holds nothing back: the money may be on its way.
ALTER TABLE commission_shares ADD COLUMN dispute_state text NOT NULL DEFAULT '', ADD COLUMN answer_by timestamptz, ADD COLUMN dispute_late boolean NOT NULL DEFAULT false, ADD COLUMN disputable_until timestamptz,
  ADD CONSTRAINT commission_shares_dispute CHECK (dispute_state IN ('', 'open', 'settled'));
ALTER TABLE commission_shares NO FORCE ROW LEVEL SECURITY;
UPDATE commission_shares SET dispute_state = CASE WHEN state = 'disputed' THEN 'open' ELSE 'settled' END, answer_by = CASE WHEN state = 'disputed' THEN disputed_at + interval '7 days' END WHERE disputed_at IS NOT NULL;
UPDATE commission_shares l SET disputable_until = s.confirmed_at + interval '90 days' FROM statements s WHERE s.province_id = l.province_id AND s.id = l.statement_id AND s.deemed;
ALTER TABLE commission_shares FORCE ROW LEVEL SECURITY;
CREATE INDEX commission_shares_open_disputes ON commission_shares (province_id, answer_by) WHERE dispute_state = 'open';
GRANT UPDATE (dispute_state, answer_by, outcome) ON commission_shares TO portal_partner;
CREATE TABLE dispute_messages (
  province_id uuid NOT NULL, id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL, share_id uuid NOT NULL,
  side text NOT NULL, author_id uuid NOT NULL, author_name text NOT NULL, body text NOT NULL, files uuid[] NOT NULL DEFAULT '{}', at timestamptz NOT NULL,
  CONSTRAINT dispute_messages_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT dispute_messages_side CHECK (side IN ('operator', 'partner')),
  CONSTRAINT dispute_messages_share FOREIGN KEY (province_id, share_id) REFERENCES commission_shares (province_id, id)
);
CREATE INDEX dispute_messages_of_share ON dispute_messages (province_id, share_id, at);
CALL secure('dispute_messages', 'path', 'owner', 'SELECT, INSERT');
-- +goose Down
DROP TABLE dispute_messages;
ALTER TABLE commission_shares DROP COLUMN dispute_state, DROP COLUMN answer_by, DROP COLUMN dispute_late, DROP COLUMN disputable_until;
