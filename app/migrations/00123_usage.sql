-- +goose Up
-- What ran, as metering systems say it: one row for each fact, so that a fact
-- counts once however often it is sent, and the sum of each day beside it.
CREATE TABLE usage_facts (
  province_id uuid NOT NULL, id text COLLATE "C" NOT NULL, service_id uuid NOT NULL, element text NOT NULL, day date NOT NULL, quantity bigint NOT NULL,
  CONSTRAINT usage_facts_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT usage_facts_quantity CHECK (quantity >= 0),
  CONSTRAINT usage_facts_service FOREIGN KEY (province_id, service_id) REFERENCES services (province_id, id)
);
CALL secure('usage_facts', 'none', 'none', 'SELECT, INSERT');
REVOKE DELETE ON usage_facts FROM portal_system;

CREATE TABLE usage_days (
  province_id uuid NOT NULL, service_id uuid NOT NULL, element text NOT NULL, day date NOT NULL, quantity bigint NOT NULL, facts bigint NOT NULL, org_path text COLLATE "C" NOT NULL, partner_id uuid NOT NULL, account_id uuid NOT NULL,
  CONSTRAINT usage_days_pkey PRIMARY KEY (province_id, service_id, element, day),
  CONSTRAINT usage_days_service FOREIGN KEY (province_id, service_id) REFERENCES services (province_id, id)
);
CALL secure('usage_days', 'path', 'owner');
REVOKE DELETE ON usage_days FROM portal_system;

-- What systems that provision say, each once; what holds is the latest word by
-- its own time, whenever it arrives.
CREATE TABLE provisioning_answers (
  province_id uuid NOT NULL, id text COLLATE "C" NOT NULL, order_id uuid NOT NULL, element text NOT NULL, status text NOT NULL, at timestamptz NOT NULL, message text NOT NULL, received_at timestamptz NOT NULL,
  CONSTRAINT provisioning_answers_pkey PRIMARY KEY (province_id, id),
  CONSTRAINT provisioning_answers_status CHECK (status IN ('in_progress', 'done', 'failed')),
  CONSTRAINT provisioning_answers_order FOREIGN KEY (province_id, order_id) REFERENCES orders (province_id, id)
);
CREATE INDEX provisioning_answers_of_order ON provisioning_answers (province_id, order_id);
CALL secure('provisioning_answers', 'none', 'none', 'SELECT, INSERT');
REVOKE DELETE ON provisioning_answers FROM portal_system;
-- +goose Down
DROP TABLE provisioning_answers;
DROP TABLE usage_days;
DROP TABLE usage_facts;
