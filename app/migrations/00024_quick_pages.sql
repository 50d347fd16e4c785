-- +goose Up
-- A partner's page of customers is read in the order of this index, the grant
-- that lasts longest first.
DROP INDEX account_grants_of_partner;
CREATE INDEX account_grants_of_partner ON account_grants (province_id, partner_id, name, account_id, ends_at DESC) INCLUDE (starts_at) WHERE ended_at IS NULL;
-- +goose Down
