-- +goose Up
-- A ticket asks the supplier of a service, or of an offer, for help. Its
-- partner is the supplier; of the customer it carries the name, which the
-- supplier is shown as long as a grant lasts. Working time is charged to the
-- side that holds the ticket, in microseconds, as Postgres keeps moments.
CREATE TABLE tickets (
  province_id uuid NOT NULL, id uuid NOT NULL, number text COLLATE "C" NOT NULL, partner_id uuid NOT NULL, partner_name text NOT NULL, tier text NOT NULL,
  org_path text COLLATE "C" NOT NULL, city_code text NOT NULL, account_id uuid, account_name text NOT NULL, service_id uuid, service_number text NOT NULL, listing_id uuid, solution_name text NOT NULL,
  category text NOT NULL, severity text NOT NULL, subject text NOT NULL, description text NOT NULL, files text[] NOT NULL DEFAULT '{}', state text NOT NULL DEFAULT 'open',
  opened_by uuid NOT NULL, opened_by_name text NOT NULL, opened_at timestamptz NOT NULL, taken_by uuid, taken_by_name text NOT NULL DEFAULT '',
  held_since timestamptz NOT NULL, operator_us bigint NOT NULL DEFAULT 0, partner_us bigint NOT NULL DEFAULT 0, customer_us bigint NOT NULL DEFAULT 0,
  respond_hours int NOT NULL, resolve_hours int NOT NULL, due_at timestamptz, responded_at timestamptz, respond_us bigint, resolved_at timestamptz, close_at timestamptz, ended_at timestamptz,
  response_missed boolean NOT NULL DEFAULT false, resolution_missed boolean NOT NULL DEFAULT false, escalated text[] NOT NULL DEFAULT '{}',
  version bigint NOT NULL DEFAULT 1, updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT tickets_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT tickets_number_once UNIQUE (province_id, number),
  CONSTRAINT tickets_state CHECK (state IN ('open', 'in_progress', 'waiting_customer', 'waiting_partner', 'waiting_operator', 'resolved', 'closed', 'cancelled')),
  CONSTRAINT tickets_category CHECK (category IN ('fault', 'usage', 'billing', 'change', 'complaint', 'other')),
  CONSTRAINT tickets_severity CHECK (severity IN ('critical', 'major', 'minor')),
  CONSTRAINT tickets_about CHECK ((service_id IS NULL) <> (listing_id IS NULL) AND (service_id IS NULL) = (account_id IS NULL)),
  CONSTRAINT tickets_charges CHECK (operator_us >= 0 AND partner_us >= 0 AND customer_us >= 0),
  CONSTRAINT tickets_service FOREIGN KEY (province_id, service_id) REFERENCES services (province_id, id)
);
CREATE INDEX tickets_of_partner ON tickets (province_id, partner_id, opened_at DESC, id);
CREATE INDEX tickets_by_opened ON tickets (province_id, opened_at DESC, id);
CREATE INDEX tickets_of_account ON tickets (province_id, account_id);
CREATE INDEX tickets_due ON tickets (province_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX tickets_to_close ON tickets (province_id, close_at) WHERE state = 'resolved';
CALL secure('tickets', 'path', 'owner');

-- What both sides say to each other.
CREATE TABLE ticket_messages (
  province_id uuid NOT NULL, id uuid NOT NULL, ticket_id uuid NOT NULL, partner_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL,
  author_id uuid NOT NULL, author_name text NOT NULL, side text NOT NULL, body text NOT NULL, files text[] NOT NULL DEFAULT '{}', at timestamptz NOT NULL,
  CONSTRAINT ticket_messages_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT ticket_messages_side CHECK (side IN ('operator', 'partner')),
  CONSTRAINT ticket_messages_ticket FOREIGN KEY (province_id, ticket_id) REFERENCES tickets (province_id, id)
);
CREATE INDEX ticket_messages_of_ticket ON ticket_messages (province_id, ticket_id, at);
CALL secure('ticket_messages', 'path', 'owner', 'SELECT, INSERT');
REVOKE DELETE ON ticket_messages FROM portal_system;

-- What the operator's people say among themselves: a table of its own, to which
-- no partner has a policy or a privilege.
CREATE TABLE ticket_notes (
  province_id uuid NOT NULL, id uuid NOT NULL, ticket_id uuid NOT NULL, org_path text COLLATE "C" NOT NULL,
  author_id uuid NOT NULL, author_name text NOT NULL, body text NOT NULL, at timestamptz NOT NULL,
  CONSTRAINT ticket_notes_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT ticket_notes_ticket FOREIGN KEY (province_id, ticket_id) REFERENCES tickets (province_id, id)
);
CREATE INDEX ticket_notes_of_ticket ON ticket_notes (province_id, ticket_id, at);
CALL secure('ticket_notes', 'path', 'none', 'SELECT, INSERT');
REVOKE DELETE ON ticket_notes FROM portal_system;

-- Narrowed to a seat's districts, as the customer is.
-- +goose StatementBegin
DO $$
DECLARE tab text;
BEGIN
  FOREACH tab IN ARRAY ARRAY['tickets', 'ticket_messages', 'ticket_notes'] LOOP
    EXECUTE format('CREATE POLICY of_seat ON %I AS RESTRICTIVE FOR SELECT TO portal_seat USING (CASE WHEN seat_covers(split_part(org_path, ''/'', 3)) THEN 1 ELSE 0 END <> 0)', tab);
  END LOOP;
END $$;
-- +goose StatementEnd
-- +goose Down
