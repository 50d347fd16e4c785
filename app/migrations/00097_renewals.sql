-- +goose Up
-- Somebody of the province looks at each paper that a firm hands in once it is
-- admitted. One handed in while the old was good counts until it was looked at;
-- one that comes late, or after one was refused, only then.
ALTER TABLE partner_documents ADD COLUMN review text NOT NULL DEFAULT 'none', ADD COLUMN reviewed_by uuid, ADD COLUMN reviewed_by_name text NOT NULL DEFAULT '', ADD COLUMN reviewed_at timestamptz, ADD COLUMN review_reason text NOT NULL DEFAULT '',
  ADD CONSTRAINT partner_documents_review CHECK (review IN ('none', 'provisional', 'waiting', 'accepted', 'refused')),
  ADD CONSTRAINT partner_documents_reviewed CHECK ((review IN ('accepted', 'refused')) = (reviewed_by IS NOT NULL) AND (reviewed_by IS NULL) = (reviewed_at IS NULL) AND (review = 'refused') = (review_reason <> ''));
CREATE INDEX partner_documents_unread ON partner_documents (province_id, partner_id) WHERE review IN ('provisional', 'waiting');
-- A firm adds papers and takes them away; what stands on them is not its own to say.
REVOKE UPDATE ON partner_documents FROM portal_partner;
ALTER POLICY of_partner ON partner_documents WITH CHECK (province_id = this_province() AND partner_id = this_tenant() AND review IN ('none', 'provisional', 'waiting'));
-- +goose Down
